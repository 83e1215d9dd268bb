package org.muniment.server.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.verify.Report;
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
    return List.of("--json");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment verify [--json]

        Hashes every message and every event, grows the log from them once more, and compares it with
        the tiles on the disk and with the root that the signed checkpoint promises. Names the file,
        the place in it and what was expected for everything that is wrong, and exits 1 if anything
        is. Changes nothing; the server may be running.

        --json  the report for programs
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    arguments.exactly();
    RootKeys keys = ArchiveKeys.of(settings);
    Report report;
    try (ProgressLine line = new ProgressLine(console, "verifying")) {
      report =
          Verifier.verify(
              settings.archiveFolder(), keys, (done, octets) -> line.at(done, 0, octets));
    }
    if (arguments.has("--json")) {
      console.out().println(new ObjectMapper().writeValueAsString(json(report)));
    } else {
      print(report, console);
    }
    return report.sound() ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  private static ObjectNode json(Report report) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("sound", report.sound())
            .put("leaves", report.leaves())
            .put("messages", report.messages())
            .put("octets", report.octets());
    var findings = json.putArray("findings");
    report.findings().forEach(finding -> findings.add(finding.text()));
    var notes = json.putArray("notes");
    report.notes().forEach(notes::add);
    return json;
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
