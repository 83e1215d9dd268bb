package org.muniment.server.capture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;

/// A real Dovecot 2.3 on a free loopback port, with all it writes under one folder. Every user name
/// signs in with [#PASSWORD] and has a Maildir of that name.
public final class Dovecot implements AutoCloseable {

  public static final String PASSWORD = "open-sesame";

  private static final Path PROGRAM = Path.of("/usr/sbin/dovecot");
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  /// Dovecot refuses to read mail as root.
  private static final String MAIL_USER = ROOT ? "mail" : System.getProperty("user.name");

  private final Path folder;
  private final int port;
  private final int tlsPort;
  private final Process process;

  private Dovecot(Path folder, int port, int tlsPort, Process process) {
    this.folder = folder;
    this.port = port;
    this.tlsPort = tlsPort;
    this.process = process;
  }

  static boolean installed() {
    return Files.isExecutable(PROGRAM);
  }

  /// @param folder an empty folder; it and the folders above become readable for all
  public static Dovecot start(Path folder) throws IOException, InterruptedException {
    return start(folder, "ssl = no", 0);
  }

  /// One that offers STARTTLS on its port, and TLS on [#tlsPort()].
  ///
  /// @param certificate PEM
  /// @param key PEM
  static Dovecot startWithTls(Path folder, Path certificate, Path key)
      throws IOException, InterruptedException {
    return start(
        folder, "ssl = yes%nssl_cert = <%s%nssl_key = <%s".formatted(certificate, key), freePort());
  }

  private static Dovecot start(Path folder, String ssl, int tlsPort)
      throws IOException, InterruptedException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(folder.resolve("mail"));
    own(folder.resolve("mail"));
    int port = freePort();
    Path config =
        Files.writeString(
            folder.resolve("dovecot.conf"), configuration(folder, port, ssl, tlsPort));
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "-F", "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("dovecot.out").toFile())
            .start();
    Dovecot dovecot = new Dovecot(folder, port, tlsPort, process);
    dovecot.awaitPort();
    return dovecot;
  }

  private static String configuration(Path folder, int port, String ssl, int tlsPort) {
    String internal = ROOT ? "dovecot" : MAIL_USER;
    String login = ROOT ? "dovenull" : MAIL_USER;
    return """
        base_dir = %1$s/run
        state_dir = %1$s/state
        log_path = %1$s/dovecot.log
        protocols = imap
        listen = 127.0.0.1
        %9$s
        disable_plaintext_auth = no
        auth_mechanisms = plain login
        auth_failure_delay = 0
        default_internal_user = %3$s
        default_login_user = %4$s
        mail_uid = %5$s
        mail_gid = %6$s
        first_valid_uid = 1
        first_valid_gid = 1
        mail_location = maildir:%1$s/mail/%%u
        mail_max_userip_connections = 50
        maildir_stat_dirs = yes
        mail_fsync = never
        namespace inbox {
          inbox = yes
          separator = /
          mailbox Sent {
            special_use = \\Sent
          }
        }
        passdb {
          driver = static
          args = password=%7$s
        }
        userdb {
          driver = static
          args = uid=%5$s gid=%6$s home=%1$s/home/%%u
        }
        service imap-login {
          %8$s
          inet_listener imap {
            address = 127.0.0.1
            port = %2$d
          }
          inet_listener imaps {
            address = 127.0.0.1
            port = %10$d
            ssl = yes
          }
        }
        service anvil {
          %8$s
        }
        service stats {
          %8$s
        }
        """
        .formatted(
            folder,
            port,
            internal,
            login,
            MAIL_USER,
            group(),
            PASSWORD,
            ROOT ? "" : "chroot =",
            ssl,
            tlsPort);
  }

  private static String group() {
    return MAIL_USER;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort() throws IOException, InterruptedException {
    for (int attempt = 0; attempt < 100; attempt++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          break;
        }
        Thread.sleep(50);
      }
    }
    close();
    throw new IOException(
        "Dovecot does not start: " + Files.readString(folder.resolve("dovecot.out")));
  }

  /// Gives files written by this process to the user that Dovecot reads mail as.
  public static void own(Path path) throws IOException, InterruptedException {
    if (ROOT) {
      int exit =
          new ProcessBuilder(List.of("chown", "-R", MAIL_USER + ":" + group(), path.toString()))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IOException("chown " + path + " ended with " + exit);
      }
    }
  }

  /// The Maildir of a user.
  public Path maildir(String user) {
    return folder.resolve("mail").resolve(user);
  }

  public int port() {
    return port;
  }

  int tlsPort() {
    return tlsPort;
  }

  SourceConfig.Imap source(String user) {
    return source(user, port);
  }

  /// As seen through something that listens on another port.
  static SourceConfig.Imap source(String user, int port) {
    return new SourceConfig.Imap(
        "127.0.0.1", port, SourceConfig.Security.NONE, user, new Secret(PASSWORD));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
