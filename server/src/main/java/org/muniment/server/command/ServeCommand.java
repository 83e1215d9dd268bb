package org.muniment.server.command;

import com.codahale.metrics.MetricRegistry;
import java.net.InetSocketAddress;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Settings;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.TargetConfig;
import org.muniment.server.runtime.RunningServer;

/// The server, in the foreground.
final class ServeCommand implements Command {

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String summary() {
    return "REST, web page, IMAP view, scheduled capture";
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment serve

        Opens the archive (makes one in an empty data folder), lets the catalogue and the index catch
        up, listens, and captures every account on its schedule. Runs until it is ended by Ctrl-C or
        SIGTERM; what was captured until then is kept, and the next start goes on from there.

        example: scripts/muniment --config /etc/muniment/config.yml serve
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    arguments.exactly();
    settings.logging().configure(new MetricRegistry(), "muniment");
    RunningServer server = RunningServer.start(settings, console.err()::println);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
    console.err().println("REST and web page: " + server.web());
    console.err().println("IMAP view: " + text(server.imap()));
    console.err().println("IMAP view with TLS: " + text(server.imaps()));
    for (AccountConfig account : settings.accounts()) {
      if (account.source() instanceof SourceConfig.Unusable unusable) {
        console.err().println("account " + account.name() + " is failed: " + unusable.reason());
      }
    }
    for (TargetConfig target : settings.publish()) {
      if (target instanceof TargetConfig.Unusable unusable) {
        console.err().println("target " + unusable.name() + " is failed: " + unusable.reason());
      }
    }
    server.join();
    return ExitCode.DONE;
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
