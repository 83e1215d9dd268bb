package org.muniment.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.muniment.server.config.Settings;
import org.muniment.server.publication.Delivery;
import org.muniment.server.runtime.ControlSocket;
import org.muniment.server.runtime.Installation;
import org.muniment.server.runtime.PublicationCalls;
import org.muniment.server.runtime.RunningServer;

/// Sends the newest checkpoint out of the machine, by the running server or by this process.
final class PublishCommand implements Command {

  @Override
  public String name() {
    return "publish";
  }

  @Override
  public String summary() {
    return "sends the checkpoint to every target now";
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment publish

        Sends the newest signed checkpoint of the log to every target under publish: in config.yml,
        whether or not it has it already, and keeps a copy in the archive. When the server runs, it is
        asked to do it; it does so by itself, too, as publishSchedule: says.

        Exits 0 if every target has it, 1 if one does not.
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    arguments.exactly();
    if (settings.publish().isEmpty()) {
      throw new UsageException("config.yml names no target under publish:");
    }
    Optional<JsonNode> answer =
        ControlSocket.ask(
            settings.runFolder().resolve(RunningServer.CONTROL_SOCKET),
            PublicationCalls.request(),
            progress -> {});
    List<Delivery> deliveries =
        answer.isPresent() ? PublicationCalls.deliveries(answer.get()) : here(settings, console);
    if (deliveries.isEmpty()) {
      console.err().println("the running server knows no target: restart it");
      return ExitCode.FINDINGS;
    }
    deliveries.forEach(delivery -> console.out().println(delivery.words()));
    return deliveries.stream().allMatch(Delivery::arrived) ? ExitCode.DONE : ExitCode.FINDINGS;
  }

  private static List<Delivery> here(Settings settings, Console console) throws Exception {
    try (Installation installation = Installation.openExisting(settings, console.err()::println)) {
      return installation.openWriter().publication().publishAll();
    }
  }
}
