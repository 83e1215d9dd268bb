package org.muniment.server.command;

import org.muniment.archive.Archive;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.DataFolder;
import org.muniment.server.runtime.Installation;

/// Makes an archive.
final class InitCommand implements Command {

  @Override
  public String name() {
    return "init";
  }

  @Override
  public String summary() {
    return "makes an archive and its root key";
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment init

        Makes an empty archive in the data folder of config.yml: its identity, the key that signs its
        log, and, unless config.yml names one that is there or says archive.encryption.off, the root
        key, without which nobody can read the archive. Copy the root key elsewhere: "key export"
        prints it as words, "key confirm" checks what was written down. Exits 1, and changes nothing,
        when there is an archive already. The server makes one by itself where the data folder is
        empty.
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    arguments.exactly();
    DataFolder.prepare(settings);
    boolean there = Archive.exists(settings.archiveFolder());
    try (Archive archive = Installation.archive(settings, console.out()::println)) {
      if (there) {
        console
            .out()
            .println(
                "there is an archive in %s already, with %,d log entries"
                    .formatted(settings.archiveFolder(), archive.size()));
      }
    }
    return there ? ExitCode.FINDINGS : ExitCode.DONE;
  }
}
