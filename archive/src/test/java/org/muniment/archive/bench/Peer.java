package org.muniment.archive.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Another program that keeps mail, given the same Maildir.
enum Peer {

  /// A repository of version 2, at its strongest compression; always encrypted.
  RESTIC("restic, --compression max", "restic", "restic", 0.60) {
    @Override
    Path store(Maildir maildir, Path folder) throws IOException, InterruptedException {
      Path repository = folder.resolve("repository");
      Program restic =
          program(folder)
              .with("RESTIC_PASSWORD", SECRET)
              .with("RESTIC_REPOSITORY", "" + repository);
      restic.run("restic", "init", "-q", "--no-cache", "--repository-version", "2");
      restic.run(
          "restic", "backup", "-q", "--no-cache", "--compression", "max", "" + maildir.root());
      return repository;
    }
  },

  /// Encrypted with a key in the repository.
  BORG("borg, zstd,3", "borg", "borgbackup", 0.60) {
    @Override
    Path store(Maildir maildir, Path folder) throws IOException, InterruptedException {
      Path repository = folder.resolve("repository");
      Program borg =
          program(folder).with("BORG_PASSPHRASE", SECRET).with("BORG_BASE_DIR", "" + folder);
      borg.run("borg", "init", "--encryption", "repokey", "" + repository);
      borg.run(
          "borg", "create", "--compression", "zstd,3", repository + "::mail", "" + maildir.root());
      return repository;
    }
  },

  /// Not encrypted: Dovecot's attachment store and its encryption do not go together.
  DOVECOT("dovecot mdbox, zstd, attachments", "doveadm", "dovecot-imapd", 0.80) {
    @Override
    Path store(Maildir maildir, Path folder) throws IOException, InterruptedException {
      return DovecotMdbox.store(maildir, program(folder));
    }
  };

  private static final String SECRET = "not a secret";

  final String title;
  final String command;

  /// The Debian package that has the command.
  final String debianPackage;

  /// The most that Muniment may need, as a part of what this needs.
  final double goal;

  Peer(String title, String command, String debianPackage, double goal) {
    this.title = title;
    this.command = command;
    this.debianPackage = debianPackage;
    this.goal = goal;
  }

  /// Stores all mail of a Maildir, which it does not change.
  ///
  /// @param folder an empty one
  /// @return the folder in it that has everything that is kept, and nothing else
  abstract Path store(Maildir maildir, Path folder) throws IOException, InterruptedException;

  private static Program program(Path folder) {
    return new Program(folder, Map.of("HOME", folder.toString()));
  }

  /// The Debian packages that are missing.
  static List<String> missing() {
    return List.of(values()).stream()
        .filter(peer -> !Program.installed(peer.command))
        .map(peer -> peer.debianPackage)
        .toList();
  }

  /// The size of what is kept, in octets.
  long size(Maildir maildir, Path scratch) throws IOException, InterruptedException {
    Path folder = Files.createDirectory(scratch.resolve(command));
    try {
      return Sizes.of(store(maildir, folder));
    } finally {
      Sizes.delete(folder);
    }
  }
}
