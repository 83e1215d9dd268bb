package org.muniment.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.CaptureCalls;
import org.muniment.server.runtime.ControlSocket;
import org.muniment.server.runtime.Installation;
import org.muniment.server.runtime.RunningServer;

/// One capture run now, by the running server or by this process.
final class CaptureCommand implements Command {

  private static final String NOW = "--now";

  @Override
  public String name() {
    return "capture";
  }

  @Override
  public String summary() {
    return "one capture run now";
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment capture [--now] [ACCOUNT...]

        Captures each ACCOUNT once, all of config.yml by default: every message that its source lists
        and the archive does not have. Nothing changes at the source. When the server runs, it is
        asked to do it. Ctrl-C is safe: what was archived stays, and the next run goes on.

        An account that is to be left alone is not captured: because its server asked to come again
        later, or refused the password, or because of limits: in config.yml. It is then said until
        when; a server that runs captures it by itself when that is over.

        Exits 0 only if every account is complete, 1 if one is not; the others go on.

        --now  capture those all the same

        example: scripts/muniment capture alice
        """;
  }

  @Override
  public List<String> options() {
    return List.of(NOW);
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    Set<AccountName> accounts = new LinkedHashSet<>();
    arguments.accounts(settings).stream().map(AccountConfig::name).forEach(accounts::add);
    List<CaptureCalls.Result> results;
    try (CaptureLine shown = new CaptureLine(console)) {
      Optional<JsonNode> answer =
          ControlSocket.ask(
              settings.runFolder().resolve(RunningServer.CONTROL_SOCKET),
              CaptureCalls.request(accounts, arguments.has(NOW)),
              progress -> shown.at(CaptureCalls.step(progress)));
      results =
          answer.isPresent()
              ? CaptureCalls.results(answer.get())
              : here(accounts, arguments.has(NOW), settings, console, shown);
    }
    results.forEach(result -> console.out().println(sentence(result)));
    return results.stream().allMatch(CaptureCalls.Result::complete)
        ? ExitCode.DONE
        : ExitCode.FINDINGS;
  }

  private static List<CaptureCalls.Result> here(
      Set<AccountName> accounts,
      boolean evenSo,
      Settings settings,
      Console console,
      CaptureLine shown)
      throws Exception {
    try (Installation installation = Installation.open(settings, console.err()::println)) {
      Installation.Writing writing = installation.openWriter();
      writing.sealing().start();
      Thread stop = new Thread(installation::close, "shutdown");
      Runtime.getRuntime().addShutdownHook(stop);
      List<CaptureCalls.Result> results =
          writing.capture().run(accounts, shown, evenSo).stream()
              .map(CaptureCalls.Result::of)
              .toList();
      forget(stop);
      return results;
    }
  }

  /// Takes back what was to be done at the end of the program.
  static void forget(Thread stop) {
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException ending) {
      // Ctrl-C: it is at work, and is why the runs have ended.
    }
  }

  private static String sentence(CaptureCalls.Result result) {
    if (!result.until().isEmpty()) {
      return "%s: NOT NOW, not before %s: %s (--now captures all the same)"
          .formatted(result.account(), result.until(), result.missing());
    }
    // A run that was broken off tells no number; what it archived until then is there.
    boolean told = result.complete() || result.messages() > 0;
    return "%s: %s%s%s%s%s"
        .formatted(
            result.account(),
            result.complete() ? "complete" : "INCOMPLETE",
            told
                ? ", %,d new messages, %s"
                    .formatted(result.messages(), ProgressLine.size(result.octets()))
                : "",
            result.missing().isEmpty() ? "" : "; " + result.missing(),
            result.deleted() == 0
                ? ""
                : "; %,d messages deleted at the source".formatted(result.deleted()),
            result.kept().isEmpty() || result.missing().equals(result.kept())
                ? ""
                : "; deletion at the source: " + result.kept());
  }
}
