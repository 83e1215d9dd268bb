package org.muniment.server.command;

import java.nio.file.Path;
import java.util.List;
import org.muniment.archive.backup.Backup;
import org.muniment.archive.verify.Report;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.DataBackup;

/// Copies what cannot be made anew, while the server runs or not.
final class BackupCommand implements Command {

  @Override
  public String name() {
    return "backup";
  }

  @Override
  public String summary() {
    return "verified copy of the archive and state.db; only what is new is copied";
  }

  @Override
  public List<String> options() {
    return List.of("--all");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment backup [--all] DIR

        Brings the copies in DIR to the newest checkpoint of the archive: DIR/archive, and DIR/state.db
        with users, grants and settings. Copies only what is new, and then checks it as "verify" does.
        The server may run, capture and seal meanwhile; sealed journals are kept for as long. When the
        backup is cut short, or something in it is wrong, the copy stays at its checkpoint; run it again.

        DIR lies outside the data folder, on another disk, and holds nothing else. It may be copied
        further by any means while no backup runs.

        The root key of an encrypted archive is not in the copy, which nobody can read without it:
        "scripts/muniment key export" gives it as words to keep elsewhere.

        To restore, copy DIR/archive and DIR/state.db into the empty data folder, put the key file back
        in its place, and start the server: catalogue and index are made anew.

        --all  verifies all of the copy, and not only what is new in it

        example: scripts/muniment backup /mnt/backup/muniment
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    Path folder = Path.of(arguments.exactly("DIR").getFirst()).toAbsolutePath();
    DataBackup.Outcome outcome;
    try (ProgressLine copying = new ProgressLine(console, "copying");
        ProgressLine verifying = new ProgressLine(console, "verifying")) {
      outcome =
          DataBackup.run(
              settings, folder, arguments.has("--all"), copying.ofOctets(), verifying.ofOctets());
    }
    Backup.Outcome archive = outcome.archive();
    console
        .out()
        .println(
            "copied    %,d files, %s; state.db, %s"
                .formatted(
                    archive.files(),
                    ProgressLine.size(archive.octets()),
                    ProgressLine.size(outcome.stateOctets())));
    print(archive, console);
    return archive.report().sound() ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  private static void print(Backup.Outcome archive, Console console) {
    Report report = archive.report();
    report.findings().forEach(finding -> console.out().println("WRONG     " + finding.text()));
    if (!report.sound()) {
      console
          .out()
          .println(
              "%,d WRONG  the copy stays at %,d log entries; \"scripts/muniment verify\" says whether the"
                      .formatted(report.findings().size(), archive.earlier())
                  + " archive itself is damaged");
      return;
    }
    console
        .out()
        .println(
            "sound     checkpoint of %,d log entries, %,d of them new; %,d messages verified, %s"
                .formatted(
                    archive.checkpoint().size(),
                    archive.checkpoint().size() - archive.earlier(),
                    report.messages(),
                    ProgressLine.size(report.octets())));
    if (archive.encrypted()) {
      console
          .out()
          .println(
              "The root key is not in the copy: keep it elsewhere (scripts/muniment key export).");
    }
  }
}
