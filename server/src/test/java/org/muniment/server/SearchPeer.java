package org.muniment.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Another program that indexes a Maildir, which it does not change; it reads no user's settings.
enum SearchPeer {

  /// With a database of its own outside the Maildir, no hooks, nothing decrypted.
  NOTMUCH {
    @Override
    void index(Path maildir, Path folder) throws IOException, InterruptedException {
      Files.createDirectories(database(folder));
      Path config =
          Files.writeString(
              config(folder),
              """
              [database]
              path=%s
              mail_root=%s
              hook_dir=%s
              [user]
              name=Bench
              primary_email=bench@example.org
              [new]
              tags=
              [maildir]
              synchronize_flags=false
              [index]
              decrypt=false
              """
                  .formatted(
                      database(folder),
                      maildir,
                      Files.createDirectories(folder.resolve("no-hooks"))));
      run(folder, "notmuch", "--config=" + config, "new", "--quiet", "--no-hooks");
    }
  },

  MU {
    @Override
    void index(Path maildir, Path folder) throws IOException, InterruptedException {
      String home = "--muhome=" + Files.createDirectories(database(folder));
      run(folder, "mu", "init", "--quiet", home, "--maildir=" + maildir);
      run(folder, "mu", "index", "--quiet", home);
    }
  };

  /// Indexes all messages of a Maildir.
  ///
  /// @param folder an empty one
  abstract void index(Path maildir, Path folder) throws IOException, InterruptedException;

  /// Where what was indexed is, and nothing else.
  Path database(Path folder) {
    return folder.resolve("database");
  }

  /// The settings of notmuch.
  static Path config(Path folder) {
    return folder.resolve("config");
  }

  /// Octets of the files in a folder and below.
  static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("HOME", folder.toString());
    int exit = builder.start().waitFor();
    if (exit != 0) {
      throw new IOException(
          "%s ended with %d: %s".formatted(List.of(command), exit, Files.readString(output)));
    }
  }
}
