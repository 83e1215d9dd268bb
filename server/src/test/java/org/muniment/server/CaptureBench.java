package org.muniment.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.capture.fixture.Certificates;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapSource;
import org.muniment.server.capture.source.Source;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.TrustConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.runtime.RunningServer;

/// Capture by a running server into a fresh, encrypted archive, beside `mbsync` and beside a client
/// that throws everything away, all from one Dovecot on this machine, without and with TLS; then a
/// poll that finds nothing new in many folders. What `scripts/bench capture` runs.
///
/// Of a server that has just begun, the virtual machine has not compiled most of the program yet: a
/// first round stands for that; it is told, and not counted, and neither is another after it.
final class CaptureBench {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String USER = "bench";
  private static final String IDLE = "idle";
  private static final int FOLDERS = 400;
  private static final long SEED = 7;

  /// Within this time header and text of a message can be searched after its capture.
  private static final Duration SEARCHABLE = Duration.ofSeconds(2);

  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final Duration START = Duration.ofSeconds(3);

  /// Messages per FETCH command of the client that discards, as of a capture.
  private static final int CHUNK = 250;

  private final Dovecot dovecot;
  private final Path certificate;
  private final Path folder;

  private CaptureBench(Dovecot dovecot, Path certificate, Path folder) {
    this.dovecot = dovecot;
    this.certificate = certificate;
    this.folder = folder;
  }

  /// How the server is reached.
  private enum Layer {
    PLAIN("no TLS"),
    TLS("TLS");

    private final String title;

    Layer(String title) {
      this.title = title;
    }
  }

  /// @param arguments a folder with a Maildir that is moved away, rounds
  public static void main(String[] arguments) throws Exception {
    Path maildir = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    Path folder = Files.createTempDirectory("muniment-bench");
    Certificates certificates =
        new Certificates(Files.createDirectory(folder.resolve("keys")))
            .make("bench", "-ext san=ip:127.0.0.1");
    Path certificate = certificates.certificate("bench");
    try (Dovecot dovecot =
        Dovecot.startWithTls(
            Files.createDirectory(folder.resolve("served")),
            certificate,
            certificates.key("bench"))) {
      // Another user has to reach the Maildir.
      folder.toFile().setExecutable(true, false);
      move(maildir, dovecot.maildir(USER));
      Dovecot.own(dovecot.maildir(USER));
      SampleMaildir idle = new SampleMaildir(dovecot.maildir(IDLE), SEED);
      idle.fill("", 5, 1_000);
      for (int i = 1; i < FOLDERS; i++) {
        idle.fill(".Folder" + i, 5, 1_000);
      }
      Dovecot.own(dovecot.maildir(IDLE));
      CaptureBench bench = new CaptureBench(dovecot, certificate, folder);
      bench.begin();
      for (Layer layer : Layer.values()) {
        bench.everything(layer, rounds);
      }
      bench.nothingNew(rounds);
    } finally {
      delete(folder);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> parts = Files.list(from)) {
      for (Path part : parts.toList()) {
        Files.createDirectories(to.resolve(part.getFileName()));
        try (Stream<Path> files = Files.list(part)) {
          for (Path file : files.toList()) {
            Files.copy(
                file,
                to.resolve(part.getFileName()).resolve(file.getFileName()),
                StandardCopyOption.COPY_ATTRIBUTES);
          }
        }
      }
    }
  }

  /// The server's own caches are warm for all afterwards.
  private void begin() throws Exception {
    long messages = discard(Layer.PLAIN);
    System.out.printf(
        "a server that has just begun: %,.0f messages/s%n",
        messages / capture(Layer.PLAIN).seconds);
    capture(Layer.PLAIN);
  }

  private void everything(Layer layer, int rounds) throws Exception {
    long messages = discard(layer);
    List<Double> discard = new ArrayList<>();
    List<Double> capture = new ArrayList<>();
    List<Double> mbsync = new ArrayList<>();
    Captured last = new Captured(0, 0, 0, "");
    for (int round = 0; round < rounds; round++) {
      discard.add(seconds(() -> discard(layer)));
      mbsync.add(seconds(() -> mbsync(layer, USER, fresh("mbsync"))));
      last = capture(layer);
      capture.add(last.seconds);
      System.out.printf(
          "round %d: muniment %.1f s, mbsync %.1f s%n",
          round + 1, capture.getLast(), mbsync.getLast());
    }
    double judge = median(mbsync);
    System.out.printf("%n%s, %,d messages, median of %d%n%n", layer.title, messages, rounds);
    System.out.printf("%-36s %12s %10s%n", "client", "messages/s", "ratio");
    row("muniment, running server, durable", messages, median(capture), judge);
    row("mbsync, FSync yes", messages, judge, judge);
    row("muniment's client that discards", messages, median(discard), judge);
    System.out.printf(
        "%nafter the last acknowledgement: catalogue complete after %.1f s, index after %.1f s%n%s%n",
        last.catalogue, last.index, last.status);
  }

  private static void row(String client, long messages, double seconds, double judge) {
    System.out.printf("%-36s %,12.0f %10.2f%n", client, messages / seconds, judge / seconds);
  }

  private void nothingNew(int rounds) throws Exception {
    Path near = fresh("mbsync-idle");
    mbsync(Layer.PLAIN, IDLE, near);
    List<Double> judge = new ArrayList<>();
    List<Double> own = new ArrayList<>();
    List<Double> found;
    try (Capturing capturing = new Capturing(Layer.PLAIN, IDLE)) {
      capturing.capture();
      for (int round = 0; round < 3 * rounds; round++) {
        judge.add(seconds(() -> mbsync(Layer.PLAIN, IDLE, near)));
        own.add(seconds(capturing::capture));
      }
      found = found(capturing, 3 * rounds);
    }
    System.out.printf("%na poll of %d folders that finds nothing new%n%n", FOLDERS);
    System.out.printf("%-36s %12s %10s%n", "client", "ms", "ratio");
    System.out.printf(
        "%-36s %12.0f %10.2f%n",
        "muniment, running server", 1e3 * median(own), median(own) / median(judge));
    System.out.printf("%-36s %12.0f %10.2f%n", "mbsync", 1e3 * median(judge), 1.0);
    System.out.printf(
        "%na word of a new message is found %.0f ms after its capture, at most %.0f (limit %d)%n",
        1e3 * median(found), 1e3 * Collections.max(found), SEARCHABLE.toMillis());
  }

  /// @return seconds from the acknowledgement of each of some messages until it is found
  private List<Double> found(Capturing capturing, int messages) throws Exception {
    Path inbox = dovecot.maildir(IDLE).resolve("new");
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      String word = "zq" + Integer.toString(i, Character.MAX_RADIX) + "xylophone";
      Files.writeString(
          inbox.resolve("%d.M1P1.word".formatted(2_000_000_000L + i)),
          "From: a@example.com\r\nSubject: new\r\n\r\n" + word + "\r\n");
      Dovecot.own(inbox);
      // Dovecot takes two changes of a folder within a second for one.
      Thread.sleep(Duration.ofMillis(1_100));
      capturing.capture();
      seconds.add(seconds(() -> capturing.untilFound(word)));
    }
    return seconds;
  }

  private static double seconds(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private long discard(Layer layer) throws Exception {
    long[] count = {0};
    Credentials credentials = new Credentials(folder.resolve("tokens"), InstantSource.system());
    try (Source.Session session =
        new ImapSource(source(layer), folder, credentials, ImapLimits.ofMessages(1L << 30))
            .connect()) {
      session.examine(session.mailboxes(false).getFirst());
      for (UidRanges chunk : session.uids().chunks(CHUNK)) {
        session.fetch(
            chunk,
            message -> {
              message.octets().close();
              count[0]++;
            });
      }
    }
    return count[0];
  }

  /// @param seconds until the last message was acknowledged
  /// @param catalogue seconds from then on until the catalogue had all
  /// @param index seconds from then on until all could be searched
  /// @param status what the program says of the archive then
  private record Captured(double seconds, double catalogue, double index, String status) {}

  private Captured capture(Layer layer) throws Exception {
    try (Capturing capturing = new Capturing(layer, USER)) {
      double seconds = seconds(capturing::capture);
      long acknowledged = System.nanoTime();
      double catalogue = capturing.until("catalogue", acknowledged);
      double index = capturing.until("index", acknowledged);
      return new Captured(seconds, catalogue, index, capturing.status());
    }
  }

  /// A server with one account.
  private final class Capturing implements AutoCloseable {
    private final Path data = fresh("data");
    private final Shell shell;
    private final RunningServer server;
    private final RestReader rest;

    Capturing(Layer layer, String user) throws Exception {
      Path config =
          Files.writeString(
              data.resolve("config.yml"),
              Shell.FREE_PORTS
                  + """
                  accounts:
                    - name: %1$s
                      source: { type: imap, host: 127.0.0.1, %2$s, username: %1$s, password: %3$s }
                      schedule: "0 0 0 1 1 ? 2099"
                  """
                      .formatted(user, reached(layer), Dovecot.PASSWORD));
      shell = new Shell(config);
      require(shell.run("init"), "init");
      server = RunningServer.start(ConfigFile.load(config, name -> null), line -> {});
      // Owns the account of the same name.
      server.installation().users().add(new User(user, Role.USER), new Secret("secret"));
      // It is a running server that is measured, not one that starts.
      Thread.sleep(START);
      rest = new RestReader(server.web(), user, "secret");
    }

    void capture() throws Exception {
      require(shell.run("capture"), "capture");
    }

    private void require(int exit, String command) throws IOException {
      if (exit != 0) {
        throw new IOException(command + " ended with " + exit + ": " + shell.err());
      }
    }

    /// Waits until a follower has all.
    double until(String follower, long since) throws Exception {
      while (true) {
        JsonNode archive = JSON.readTree(rest.get("api/v1/archive").body());
        if (archive.path(follower).asLong() >= archive.path("size").asLong()) {
          break;
        }
        Thread.sleep(50);
      }
      return (System.nanoTime() - since) / 1e9;
    }

    void untilFound(String word) throws Exception {
      long begin = System.nanoTime();
      while (rest.json("api/v1/search?q=" + word).path("total").asLong() == 0) {
        if (System.nanoTime() - begin > LONGEST.toNanos()) {
          throw new IOException(word + " is not found " + LONGEST.toSeconds() + " s after capture");
        }
        Thread.sleep(5);
      }
    }

    String status() throws Exception {
      shell.run("status");
      return shell.out();
    }

    @Override
    public void close() throws IOException {
      server.close();
      delete(data);
    }
  }

  private SourceConfig.Imap source(Layer layer) {
    return switch (layer) {
      case PLAIN -> dovecot.source(USER);
      case TLS ->
          new SourceConfig.Imap(
              "127.0.0.1",
              dovecot.tlsPort(),
              SourceConfig.Security.TLS,
              new TrustConfig(certificate, Set.of()),
              USER,
              dovecot.source(USER).credential());
    };
  }

  private int port(Layer layer) {
    return switch (layer) {
      case PLAIN -> dovecot.port();
      case TLS -> dovecot.tlsPort();
    };
  }

  /// As it is written in config.yml.
  private String reached(Layer layer) {
    return "port: %d, security: %s"
        .formatted(
            port(layer),
            switch (layer) {
              case PLAIN -> "none";
              case TLS -> "tls, ca: " + certificate;
            });
  }

  private Path fresh(String name) {
    try {
      return Files.createTempDirectory(folder, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mbsync(Layer layer, String user, Path target) throws Exception {
    Path config =
        Files.writeString(
            target.resolve("mbsyncrc"),
            """
            FSync yes

            IMAPAccount bench
            Host 127.0.0.1
            Port %d
            User %s
            Pass %s
            %s
            AuthMechs LOGIN

            IMAPStore far
            Account bench

            MaildirStore near
            Path %s/
            Inbox %s/INBOX
            SubFolders Verbatim

            Channel bench
            Far :far:
            Near :near:
            Patterns *
            Create Near
            Sync Pull
            SyncState *
            """
                .formatted(
                    port(layer),
                    user,
                    Dovecot.PASSWORD,
                    switch (layer) {
                      case PLAIN -> "SSLType None";
                      case TLS -> "SSLType IMAPS\nCertificateFile " + certificate;
                    },
                    target,
                    target));
    int exit =
        new ProcessBuilder("mbsync", "-q", "-c", config.toString(), "-a")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("mbsync ended with " + exit);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private interface Work {
    void run() throws Exception;
  }
}
