package org.muniment.archive.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Dovecot's mdbox with its plug-in for compression and its attachment store, filled by `doveadm`
/// alone; no server runs.
final class DovecotMdbox {

  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  /// Dovecot refuses to read mail as root.
  private static final String MAIL_USER = ROOT ? "mail" : System.getProperty("user.name");

  private DovecotMdbox() {}

  static Path store(Maildir maildir, Program program) throws IOException, InterruptedException {
    Path folder = program.folder();
    Path kept = Files.createDirectories(folder.resolve("kept"));
    // It writes its own files into the Maildir that it reads.
    Path source = folder.resolve("source");
    program.run("cp", "-a", maildir.root().toString(), source.toString());
    Path config = Files.writeString(folder.resolve("dovecot.conf"), configuration(folder));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (ROOT) {
      program.run("chown", "-R", MAIL_USER + ":" + MAIL_USER, kept.toString(), source.toString());
    }
    int number = 0;
    long stored = 0;
    for (Path account : new Maildir(source).accounts()) {
      String user = "account" + number++;
      Program doveadm =
          program.with("USER", user).with("HOME", folder.resolve("home").resolve(user).toString());
      doveadm.run("doveadm", "-c", "" + config, "import", "maildir:" + account, "", "ALL");
      stored +=
          messages(
              doveadm.run(
                  "doveadm", "-c", "" + config, "mailbox", "status", "-t", "messages", "*"));
    }
    if (stored != maildir.messages().size()) {
      throw new IOException("Dovecot keeps " + stored + " messages");
    }
    return kept;
  }

  /// @param status `messages=` and a number
  private static long messages(String status) {
    return Long.parseLong(status.strip().substring(status.indexOf('=') + 1));
  }

  private static String configuration(Path folder) {
    return """
        base_dir = %1$s/run
        state_dir = %1$s/state
        log_path = %1$s/dovecot.log
        protocols =
        ssl = no
        mail_uid = %2$s
        mail_gid = %2$s
        first_valid_uid = 1
        first_valid_gid = 1
        mail_location = mdbox:%1$s/kept/mail/%%u
        mail_plugins = zlib
        mail_attachment_dir = %1$s/kept/attachments
        mail_attachment_fs = sis posix
        namespace inbox {
          inbox = yes
          separator = /
        }
        plugin {
          zlib_save = zstd
          zlib_save_level = 3
        }
        """
        .formatted(folder, MAIL_USER);
  }
}
