package org.muniment.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.ControlSocket;
import org.muniment.server.runtime.Installation;
import org.muniment.server.runtime.RunningServer;
import org.muniment.server.runtime.SealCalls;
import org.muniment.server.runtime.Sealing;

/// Seals the journal now, by the running server or by this process.
final class SealCommand implements Command {

  @Override
  public String name() {
    return "seal";
  }

  @Override
  public String summary() {
    return "seals the journal now";
  }

  @Override
  public List<String> options() {
    return List.of("--retire");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment seal [--retire]

        Rewrites what was captured since the last sealing as a segment: small, and never changed
        again. The server does it by itself when a journal is full, or a day old. When the server runs,
        it is asked to do it; capture goes on meanwhile. A segment gets its name only after all of it
        was read back and compared; a crash leaves the journal as it was.

        --retire  also removes the journals that are sealed. They stay for a day otherwise, for the
                  sake of a copy that rsync has begun before: let it end first. A "backup" that runs
                  keeps them by itself.
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    arguments.exactly();
    boolean retire = arguments.has("--retire");
    Sealing.Outcome outcome;
    try (ProgressLine line = new ProgressLine(console, "sealing")) {
      Optional<JsonNode> answer =
          ControlSocket.ask(
              settings.runFolder().resolve(RunningServer.CONTROL_SOCKET),
              SealCalls.request(retire),
              progress -> SealCalls.tell(progress, line::at));
      outcome =
          answer.isPresent()
              ? SealCalls.outcome(answer.get())
              : here(retire, settings, console, line);
    }
    console.out().println(sealed(outcome));
    if (retire) {
      console
          .out()
          .println(
              outcome.held()
                  ? "a backup is running: sealed journals stay until it is done"
                  : "journals removed: %,d".formatted(outcome.removed()));
    }
    return ExitCode.DONE;
  }

  private static Sealing.Outcome here(
      boolean retire, Settings settings, Console console, ProgressLine line) throws Exception {
    try (Installation installation = Installation.openExisting(settings, console.err()::println)) {
      return installation.openWriter().sealing().seal(retire, line::at);
    }
  }

  private static String sealed(Sealing.Outcome outcome) {
    if (outcome.segments().isEmpty()) {
      return "nothing to seal";
    }
    return "sealed %,d messages of %s: %s in journals, now %s in segment %s%s"
        .formatted(
            outcome.messages(),
            ProgressLine.size(outcome.octets()),
            ProgressLine.size(outcome.before()),
            ProgressLine.size(outcome.after()),
            outcome.segments().stream().map(String::valueOf).collect(Collectors.joining(", ")),
            outcome.octets() == 0
                ? ""
                : String.format(
                    Locale.ROOT,
                    ", %.1f %% of the mail",
                    100.0 * outcome.after() / outcome.octets()));
  }
}
