package org.muniment.server.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.Settings;
import org.muniment.server.export.Export;
import org.muniment.server.export.ExportFormat;
import org.muniment.server.export.ExportOutcome;
import org.muniment.server.export.ExportRefusedException;
import org.muniment.server.export.ExportRequest;
import org.muniment.server.runtime.Installation;
import org.muniment.server.selection.Selection;

/// Writes mail into files.
final class ExportCommand implements Command {

  @Override
  public String name() {
    return "export";
  }

  @Override
  public String summary() {
    return "mail as EML, mbox, Maildir or zip, with proofs";
  }

  @Override
  public List<String> options() {
    return List.of(
        "--account A",
        "--to DIR",
        "--format F",
        "--as-of T",
        "--mailbox M",
        "--query Q",
        "--with-gone",
        "--json");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment export --account A|--query Q --to DIR --format eml|mbox|maildir|zip
                                       [--mailbox M] [--as-of T] [--with-gone] [--json]

        Writes mail into DIR, reads every message again and compares it, and adds manifest.json and
        manifest.csv (SHA-256, mailbox, UID, flags, dates, where it came from, proof that the log of
        the archive has held it), SHA256SUMS for sha256sum -c, and README.txt. The last line says

            exported N of N, identical N

        Run again after Ctrl-C, a crash or a full disk it goes on, and comes to the same result. The
        archive is only read.

        --to DIR       a new or empty folder, or one with the same export unfinished
        --format       eml: a file for each message, a folder for each mailbox
                       zip: the same in one file, export.zip
                       mbox: a file for each mailbox, in the form mboxrd
                       maildir: Maildir++ with flags, as a mail server has it
        --account A    the mail of this account; without it that of all accounts
        --query Q      only messages that it finds, see docs/search.md; dates: after: and before:
        --mailbox M    only this mailbox and those below it, levels separated by /
        --as-of T      the mailboxes as they were then: a day (its end, in UTC) such as
                       2026-03-31, or a moment such as 2026-03-31T12:00:00Z
        --with-gone    also what was deleted at the source before, but not what had moved

        Exits 0 when everything is there, 1 when something is not (it says what; also "exceptions" in
        manifest.json) or it was stopped, 2 when DIR is not empty, 3 when DIR cannot be written.

        example: scripts/muniment export --query "from:bob after:2025-01-01" --to /mnt/case-7 --format zip
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    if (!arguments.words().isEmpty()) {
      throw new UsageException("\"" + arguments.words().getFirst() + "\" is too much");
    }
    ExportRequest request = request(arguments);
    Path folder =
        Path.of(arguments.value("--to").orElseThrow(() -> new UsageException("--to is missing")));
    AtomicBoolean stopped = new AtomicBoolean();
    try (Installation installation = Installation.openExisting(settings, console.err()::println)) {
      List<AccountName> accounts = installation.catalogue().mailboxes().accounts();
      if (request.account() != null) {
        SelectionOptions.requireKnown(request.account(), installation);
      }
      BitSet numbers = SelectionOptions.numbers(request.selection(), installation);
      ExportOutcome outcome;
      try (ProgressLine line = new ProgressLine(console, "export")) {
        Export export =
            new Export(
                installation.archive(),
                installation.catalogue(),
                Clock.systemUTC(),
                line.ofOctets(),
                stopped::get);
        outcome =
            Stoppable.run(
                () -> export.run(request, accounts, numbers, folder), () -> stopped.set(true));
      }
      report(outcome, folder, arguments, console);
      return outcome.complete() ? ExitCode.DONE : ExitCode.FINDINGS;
    } catch (ExportRefusedException e) {
      throw new UsageException("--to: " + e.getMessage());
    }
  }

  private static ExportRequest request(Arguments arguments) throws UsageException {
    AccountName account = SelectionOptions.account(arguments);
    Selection selection = SelectionOptions.selection(arguments);
    if (account == null && selection.query() == null) {
      throw new UsageException("--account or --query is missing");
    }
    return new ExportRequest(account, selection, format(arguments));
  }

  private static ExportFormat format(Arguments arguments) throws UsageException {
    String wanted = arguments.value("--format").orElse("");
    return Arrays.stream(ExportFormat.values())
        .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new UsageException("--format wants eml, mbox, maildir or zip"));
  }

  private static void report(
      ExportOutcome outcome, Path folder, Arguments arguments, Console console) {
    if (arguments.has("--json")) {
      console.out().println(json(outcome, folder));
      return;
    }
    outcome.problems().forEach(line -> console.err().println(SearchCommand.plain(line)));
    if (!outcome.finished()) {
      console.out().println("stopped; run the same command again to go on");
      return;
    }
    console
        .out()
        .println(
            "%s in %s; README.txt in it says how to check it"
                .formatted(ProgressLine.size(outcome.octets()), folder));
    console
        .out()
        .println(
            "exported %d of %d, identical %d"
                .formatted(outcome.exported(), outcome.planned(), outcome.identical()));
  }

  private static ObjectNode json(ExportOutcome outcome, Path folder) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("complete", outcome.complete())
        .put("finished", outcome.finished())
        .put("planned", outcome.planned())
        .put("exported", outcome.exported())
        .put("identical", outcome.identical())
        .put("octets", outcome.octets())
        .put("folder", folder.toString());
    ArrayNode problems = node.putArray("problems");
    outcome.problems().forEach(problems::add);
    return node;
  }
}
