package org.muniment.server.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.config.Settings;
import org.muniment.server.export.Export;
import org.muniment.server.export.ExportFormat;
import org.muniment.server.export.ExportOutcome;
import org.muniment.server.export.ExportRefusedException;
import org.muniment.server.export.ExportRequest;
import org.muniment.server.runtime.Installation;

/// Writes mail into files.
final class ExportCommand implements Command {

  private static final User OPERATOR = new User("operator", Role.AUDITOR);
  private static final long ENDING_SECONDS = 10;

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
      if (request.account() != null && !accounts.contains(request.account())) {
        throw new UsageException(
            "the archive has no account \"" + request.account() + "\", it has " + accounts);
      }
      BitSet numbers = numbers(request.query(), installation);
      ExportOutcome outcome;
      try (ProgressLine line = new ProgressLine(console, "export")) {
        Export export =
            new Export(
                installation.archive(),
                installation.catalogue(),
                Clock.systemUTC(),
                line.ofOctets(),
                stopped::get);
        outcome = stoppable(() -> export.run(request, accounts, numbers, folder), stopped);
      }
      report(outcome, folder, arguments, console);
      return outcome.complete() ? ExitCode.DONE : ExitCode.FINDINGS;
    } catch (ExportRefusedException e) {
      throw new UsageException("--to: " + e.getMessage());
    } catch (QuerySyntaxException e) {
      throw new UsageException("the query is not understood: " + e.getMessage());
    }
  }

  private static ExportRequest request(Arguments arguments) throws UsageException {
    String account = arguments.value("--account").orElse(null);
    String query = arguments.value("--query").orElse(null);
    if (account == null && query == null) {
      throw new UsageException("--account or --query is missing");
    }
    if (account != null && !AccountName.isValid(account)) {
      throw new UsageException("\"" + account + "\" is no account name");
    }
    String asOf = arguments.value("--as-of").orElse(null);
    return new ExportRequest(
        account == null ? null : new AccountName(account),
        asOf == null ? null : Moment.parse("--as-of", asOf),
        arguments.value("--mailbox").orElse(""),
        query,
        arguments.has("--with-gone"),
        format(arguments));
  }

  private static ExportFormat format(Arguments arguments) throws UsageException {
    String wanted = arguments.value("--format").orElse("");
    return Arrays.stream(ExportFormat.values())
        .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new UsageException("--format wants eml, mbox, maildir or zip"));
  }

  /// The numbers of the messages that a query finds; null without one.
  static @Nullable BitSet numbers(@Nullable String query, Installation installation)
      throws Exception {
    if (query == null) {
      return null;
    }
    Installation.SearchedIndex searched = installation.openSearchIndex();
    return installation
        .readModels(searched.index(), installation.everything(), searched.texts())
        .numbers(OPERATOR, query, ZoneOffset.UTC);
  }

  /// Work that Ctrl-C brings to an end at the next message.
  private interface Work {
    ExportOutcome run() throws Exception;
  }

  private static ExportOutcome stoppable(Work work, AtomicBoolean stopped) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Thread stop =
        new Thread(
            () -> {
              stopped.set(true);
              try {
                ended.await(ENDING_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      return work.run();
    } finally {
      ended.countDown();
      CaptureCommand.forget(stop);
    }
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
