package org.muniment.server.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Uid;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapTarget;
import org.muniment.server.capture.net.Traffic;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.Credential;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SecretSource;
import org.muniment.server.config.Settings;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.TrustConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.restore.Restore;
import org.muniment.server.restore.RestoreFiles;
import org.muniment.server.restore.RestoreOutcome;
import org.muniment.server.restore.RestoreProgress;
import org.muniment.server.restore.RestoreRequest;
import org.muniment.server.runtime.Installation;

/// Puts the mail of an account back on an IMAP server.
final class RestoreCommand implements Command {

  private static final int PIN_DIGITS = 64;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String summary() {
    return "puts mail back on an IMAP server";
  }

  @Override
  public List<String> options() {
    return List.of(
        "--account A",
        "--to URL",
        "--as-of T",
        "--mailbox M",
        "--query Q",
        "--map OLD=NEW",
        "--with-gone",
        "--dry-run",
        "--password-stdin",
        "--ca FILE",
        "--pin SHA256",
        "--json");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment restore --account A --to imap[s]://user@host[:port] [--dry-run]
                                        [--as-of T] [--mailbox M] [--query Q] [--with-gone]
                                        [--map OLD=NEW[,OLD=NEW...]] [--password-stdin]
                                        [--ca FILE] [--pin SHA256] [--json]

        Puts the mail of account A into the mailboxes of an IMAP server: the mailboxes with their
        hierarchy, special use and subscription, the messages with their flags, dates and order.
        Then fetches every message again, compares it octet for octet, and writes a receipt to
        restores/ in the data folder. Its last line says

            restored N of N, identical N

        Nothing at the server is changed or deleted, mail is only added. What is there already is
        not added again: run it again after Ctrl-C, a lost connection, or when there is room again,
        and it goes on. Begin with --dry-run.

        --to              imaps:// is TLS; imap:// is STARTTLS, and unprotected to this machine only
        --password-stdin  reads the password from standard input; without it, and without a password
                          in the URL, it is asked for
        --dry-run         says which mailboxes would be made and how much would go where
        --as-of T         the mailboxes as they were then: a day (its end, in UTC) such as
                          2026-03-31, or a moment such as 2026-03-31T12:00:00Z
        --mailbox M       only this mailbox and those below it, levels separated by /
        --query Q         only messages that it finds, see docs/search.md
        --with-gone       also what was deleted at the source before, but not what had moved
        --map OLD=NEW     another name for a mailbox and those below it; several are separated by
                          commas
        --ca, --pin       for a server with a certificate of its own, as in config.yml

        Exits 0 when everything is there and identical, 1 when something is not (the receipt says
        which and why), 3 when the server could not be reached.

        example: scripts/muniment restore --account alice --to imaps://alice@mail.example.com --dry-run
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    if (!arguments.words().isEmpty()) {
      throw new UsageException("\"" + arguments.words().getFirst() + "\" is too much");
    }
    RestoreRequest request = request(arguments);
    TargetAddress address =
        TargetAddress.parse(
            arguments.value("--to").orElseThrow(() -> new UsageException("--to is missing")));
    Secret password = password(address, arguments, console);
    Traffic traffic = new Traffic(0);
    try (Installation installation = Installation.openExisting(settings, console.err()::println);
        Line line = new Line(console)) {
      SelectionOptions.requireKnown(request.account(), installation);
      ImapTarget target =
          new ImapTarget(
              config(address, password, arguments),
              settings.temporaryFolder(),
              new Credentials(settings.tokenFolder(), Clock.systemUTC()),
              ImapLimits.ofMessages(Uid.MAX, traffic));
      AtomicBoolean stopped = new AtomicBoolean();
      Restore restore =
          new Restore(
              installation.archive(),
              installation.catalogue(),
              settings.restoreFolder(),
              Clock.systemUTC(),
              PAUSE,
              line,
              stopped::get);
      RestoreFiles.expire(settings.restoreFolder(), settings.results().keep(), Instant.now());
      BitSet numbers = SelectionOptions.numbers(request.selection(), installation);
      RestoreOutcome outcome =
          arguments.has("--dry-run")
              ? restore.dryRun(target, request, numbers)
              : Stoppable.run(
                  () -> restore.run(target, request, numbers), () -> stop(stopped, traffic));
      line.end();
      report(outcome, arguments, console);
      return arguments.has("--dry-run") || outcome.complete() ? ExitCode.DONE : ExitCode.FINDINGS;
    } catch (SourceException e) {
      throw new IOException(address + ": " + e.words().display(), e);
    }
  }

  private static void stop(AtomicBoolean stopped, Traffic traffic) {
    stopped.set(true);
    traffic.cut("stopped");
  }

  private static RestoreRequest request(Arguments arguments) throws UsageException {
    AccountName account = SelectionOptions.account(arguments);
    if (account == null) {
      throw new UsageException("--account is missing");
    }
    return new RestoreRequest(
        account, SelectionOptions.selection(arguments), map(arguments.value("--map").orElse("")));
  }

  private static Map<String, String> map(String text) throws UsageException {
    Map<String, String> map = new HashMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        throw new UsageException("--map wants OLD=NEW, not \"" + pair + "\"");
      }
      if (map.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
        throw new UsageException("--map names " + pair.substring(0, equals) + " twice");
      }
    }
    return map;
  }

  private static Secret password(TargetAddress address, Arguments arguments, Console console)
      throws UsageException, IOException {
    if (arguments.has("--password-stdin")) {
      return new Secret(console.line());
    }
    String written = address.password();
    if (written != null) {
      return new Secret(written);
    }
    return Optional.ofNullable(System.console())
        .filter(java.io.Console::isTerminal)
        .map(terminal -> terminal.readPassword("password of %s: ", address))
        .map(typed -> new Secret(new String(typed)))
        .orElseThrow(
            () -> new UsageException("a password is needed: give it with --password-stdin"));
  }

  private static SourceConfig.Imap config(
      TargetAddress address, Secret password, Arguments arguments) throws UsageException {
    return new SourceConfig.Imap(
        address.host(),
        address.port(),
        address.security(),
        trust(arguments),
        address.user(),
        new Credential.Password(new SecretSource.Written(password), null));
  }

  private static TrustConfig trust(Arguments arguments) throws UsageException {
    String pin =
        arguments
            .value("--pin")
            .orElse("")
            .toLowerCase(Locale.ROOT)
            .replace("sha256:", "")
            .replace(":", "");
    boolean hex = pin.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    if (!pin.isEmpty() && (pin.length() != PIN_DIGITS || !hex)) {
      throw new UsageException("--pin wants the SHA-256 of a certificate, 64 hexadecimal digits");
    }
    Optional<Path> ca = arguments.value("--ca").map(Path::of);
    if (ca.isPresent() && !pin.isEmpty()) {
      throw new UsageException(
          "--pin names the certificate itself, whoever vouches for it: no --ca");
    }
    return new TrustConfig(ca.orElse(null), pin.isEmpty() ? Set.of() : Set.of(pin));
  }

  private static void report(RestoreOutcome outcome, Arguments arguments, Console console) {
    if (arguments.has("--json")) {
      console.out().println(json(outcome));
      return;
    }
    for (RestoreOutcome.MailboxStep step : outcome.mailboxes()) {
      console
          .out()
          .println(
              SearchCommand.plain(
                  "%s -> %s%s  %,d messages, %s"
                      .formatted(
                          step.source(),
                          step.target(),
                          step.created() ? " (new)" : "",
                          step.messages(),
                          ProgressLine.size(step.octets()))));
    }
    outcome.trouble().forEach(line -> console.err().println(SearchCommand.plain(line)));
    outcome.failures().forEach(line -> console.err().println(line));
    if (outcome.receipt() == null) {
      console
          .out()
          .println(
              "%,d messages, %s, would be restored; nothing was changed"
                  .formatted(outcome.planned(), ProgressLine.size(outcome.octets())));
      return;
    }
    console.out().println("receipt: " + outcome.receipt());
    console
        .out()
        .println(
            "restored %d of %d, identical %d"
                .formatted(outcome.restored(), outcome.planned(), outcome.identical()));
  }

  private static ObjectNode json(RestoreOutcome outcome) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("complete", outcome.complete())
        .put("planned", outcome.planned())
        .put("octets", outcome.octets())
        .put("restored", outcome.restored())
        .put("identical", outcome.identical())
        .put("receipt", String.valueOf(outcome.receiptJson()));
    ArrayNode mailboxes = node.putArray("mailboxes");
    for (RestoreOutcome.MailboxStep step : outcome.mailboxes()) {
      mailboxes
          .addObject()
          .put("mailbox", step.source())
          .put("target", step.target())
          .put("created", step.created())
          .put("messages", step.messages())
          .put("octets", step.octets());
    }
    ArrayNode trouble = node.putArray("trouble");
    outcome.trouble().forEach(trouble::add);
    ArrayNode failures = node.putArray("failures");
    outcome.failures().forEach(failures::add);
    return node;
  }

  /// Draws what the connections tell.
  private static final class Line implements RestoreProgress, AutoCloseable {
    private final Console console;
    private String what = "";
    private @Nullable ProgressLine line;

    Line(Console console) {
      this.console = console;
    }

    @Override
    public synchronized void at(String phase, long done, long total, long octets) {
      ProgressLine shown = line;
      if (shown == null || !phase.equals(what)) {
        end();
        shown = new ProgressLine(console, phase);
        what = phase;
        line = shown;
      }
      shown.at(done, total, octets);
    }

    @Override
    public void close() {
      end();
    }

    synchronized void end() {
      if (line != null) {
        line.close();
        line = null;
      }
    }
  }
}
