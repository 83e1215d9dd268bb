package org.muniment.server.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Scope;
import org.muniment.archive.verify.Verifier;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.ArchiveKeys;

/// Reads the whole archive and says what is wrong with it.
final class VerifyCommand implements Command {

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String summary() {
    return "checks every octet of the archive against its log; trusts nothing";
  }

  @Override
  public List<String> options() {
    return List.of("--json", "--resume", "--since CHECKPOINT", "--against FILE");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment verify [--since CHECKPOINT] [--against FILE] [--resume] [--json]

        Hashes every message, every part and every event, grows the log from them once more, and
        compares it with the tiles on the disk, with the root that the signed checkpoint promises,
        and with every checkpoint that was sent outside. Names the file, the place in it, the message
        and what was expected for everything that is wrong, and exits 1 if anything is. Changes
        nothing; the server may be running.

        --since CHECKPOINT  only what came after a checkpoint up to which all was verified before:
                            a file that holds it, or the size of one that was sent outside
        --against FILE      also against a checkpoint that lies outside the archive
        --resume            goes on where a run with --resume was interrupted
        --json              the report as JSON, signed with the key of the log; without signature
                            where that key is damaged
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    arguments.exactly();
    RootKeys keys = ArchiveKeys.of(settings);
    Scope scope = scope(arguments, settings.archiveFolder(), settings.runFolder());
    Report report;
    try (ProgressLine line = new ProgressLine(console, "verifying")) {
      report = Verifier.verify(settings.archiveFolder(), keys, scope, line.ofOctets());
    }
    if (arguments.has("--json")) {
      console.out().println(json(report, settings.archiveFolder(), keys, console));
    } else {
      print(report, console);
    }
    return report.sound() ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  /// What was found is told also where the key to sign it with is lost.
  private static String json(Report report, Path archive, RootKeys keys, Console console)
      throws ArchiveException {
    try {
      return new String(Verifier.sign(archive, keys, report), StandardCharsets.UTF_8);
    } catch (CorruptArchiveException e) {
      console.err().println("the report is not signed: " + e.getMessage());
      return "{\"report\":" + new String(report.json(), StandardCharsets.UTF_8) + "}";
    }
  }

  private static Scope scope(Arguments arguments, Path archive, Path runFolder)
      throws IOException, UsageException {
    Scope scope = Scope.ALL;
    if (arguments.has("--resume")) {
      scope = scope.resume(runFolder.resolve("verify.jsonl"));
    }
    String outside = arguments.value("--against").orElse(null);
    if (outside != null) {
      scope = scope.outside(List.of(read(Path.of(outside))));
    }
    String since = arguments.value("--since").orElse(null);
    if (since != null) {
      boolean size = since.chars().allMatch(c -> c >= '0' && c <= '9');
      Path file = size ? archive.resolve("log/checkpoints/" + since) : Path.of(since);
      try {
        scope = scope.since(Verifier.checkpoint(archive, read(file)));
      } catch (IllegalArgumentException e) {
        throw new UsageException(file + ": no checkpoint of this archive: " + e.getMessage());
      }
    }
    return scope;
  }

  private static byte[] read(Path file) throws IOException, UsageException {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("there is no checkpoint " + file);
    }
    return Files.readAllBytes(file);
  }

  private static void print(Report report, Console console) {
    report.notes().forEach(note -> console.out().println("note     " + note));
    report.findings().forEach(finding -> console.out().println("WRONG    " + finding.text()));
    console
        .out()
        .println(
            "%s  %,d log entries, %,d messages, %s"
                .formatted(
                    report.sound() ? "sound  " : report.findings().size() + " WRONG",
                    report.leaves(),
                    report.messages(),
                    ProgressLine.size(report.octets())));
  }
}
