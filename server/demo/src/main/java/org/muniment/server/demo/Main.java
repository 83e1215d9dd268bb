package org.muniment.server.demo;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.server.access.AccessException;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.access.Users;
import org.muniment.server.capture.CaptureOutcome;
import org.muniment.server.capture.CaptureReport;
import org.muniment.server.command.CaptureLine;
import org.muniment.server.command.Console;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.ConfigException;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.CannotStartException;
import org.muniment.server.runtime.RunningServer;

/// The demonstration: sample mail on an IMAP server in this process, captured through the ordinary
/// path into a data folder of its own, and shown by the ordinary server.
public final class Main {

  /// Password of every user of the demonstration.
  private static final String PASSWORD = "muniment-demo";

  private static final String AUDITOR = "auditor";
  private static final String ADMIN = "admin";

  /// Long enough for the samples on a slow machine.
  private static final Duration INDEXING = Duration.ofSeconds(60);

  private Main() {}

  /// @param arguments the folder for everything that the demonstration writes
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    try {
      run(folder, Console.system());
    } catch (ConfigException | CannotStartException | StoreRefusedException e) {
      System.err.println(e.getMessage());
      System.exit(3);
    }
  }

  private static void run(Path folder, Console console) throws Exception {
    PrintStream out = console.err();
    DemoServer source = DemoServer.start();
    Settings settings = settings(folder, source);
    settings.logging().configure(new MetricRegistry(), "muniment");
    RunningServer server = RunningServer.start(settings, out::println);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
    addUsers(server.installation().users(), source.accounts());
    capture(server, settings, console);
    if (!server.awaitSearchable(INDEXING)) {
      out.println("search does not know everything yet");
    }
    welcome(server, settings, out);
    server.join();
  }

  /// Writes the configuration of this start, whose source has a port of its own, and reads it. The
  /// windows listen on their usual ports, or on any free ones where those are taken.
  static Settings settings(Path folder, DemoServer source) throws IOException, ConfigException {
    Files.createDirectories(folder);
    StringBuilder text =
        new StringBuilder(
            """
            # Written anew at every start of the demonstration.
            archive: { path: data }
            logging: { level: WARN }
            imap: { port: %d, imapsPort: %d }
            server:
              applicationConnectors: [{ type: http, port: %d }]
              adminConnectors: [{ type: http, port: %d }]
            accounts:
            """
                .formatted(usualOrAny(1143), usualOrAny(1993), usualOrAny(8080), usualOrAny(8081)));
    for (String account : source.accounts()) {
      text.append(
          """
            - name: %1$s
              primary: true
              source: { type: imap, host: 127.0.0.1, port: %2$d, security: none, \
          username: %1$s, password: %3$s }
          """
              .formatted(account, source.port(), DemoServer.PASSWORD));
    }
    Path file = Files.writeString(folder.resolve("config.yml"), text, StandardCharsets.UTF_8);
    return ConfigFile.load(file, System::getenv);
  }

  /// 0, which takes any free port, where `port` is taken.
  private static int usualOrAny(int port) {
    try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException taken) {
      return 0;
    }
  }

  /// One user per account, an auditor who may see all accounts, an administrator who sees none.
  static void addUsers(Users users, List<String> accounts) throws AccessException {
    for (String account : accounts) {
      add(users, account, Role.USER);
    }
    add(users, ADMIN, Role.ADMIN);
    add(users, AUDITOR, Role.AUDITOR);
    for (String account : accounts) {
      users.grant(AUDITOR, new AccountName(account));
    }
  }

  private static void add(Users users, String name, Role role) throws AccessException {
    if (users.find(name).isEmpty()) {
      users.add(new User(name, role), new Secret(PASSWORD));
    }
  }

  private static void capture(RunningServer server, Settings settings, Console console) {
    Set<AccountName> accounts =
        settings.accounts().stream().map(AccountConfig::name).collect(Collectors.toSet());
    List<CaptureOutcome> outcomes;
    try (CaptureLine shown = new CaptureLine(console)) {
      outcomes = server.capture().run(accounts, shown);
    }
    outcomes.forEach(outcome -> console.err().println(sentence(outcome)));
  }

  private static String sentence(CaptureOutcome outcome) {
    return switch (outcome) {
      case CaptureOutcome.Finished finished when finished.complete() ->
          "%s: complete, %d new messages".formatted(finished.account(), finished.messages());
      case CaptureOutcome.Finished finished ->
          finished.account() + ": incomplete: " + CaptureReport.missing(finished.receipt());
      case CaptureOutcome.Postponed postponed -> postponed.account() + ": " + postponed.reason();
      case CaptureOutcome.Aborted aborted -> aborted.account() + ": " + aborted.reason();
    };
  }

  private static void welcome(RunningServer server, Settings settings, PrintStream out) {
    URI web = server.web();
    out.println(
        """

        Muniment is running with sample mail.

          web page   %1$s
          REST       curl -u clara:%2$s '%3$s'
          IMAP       host %4$s, port %5$d, no encryption
          users      clara, jonas (their own mail), %6$s (both), %7$s (no content)
          password   %2$s

        Ctrl-C ends it; what was captured stays in %8$s.
        """
            .formatted(
                web,
                PASSWORD,
                web.resolve("/api/v1/search?q=invoice"),
                settings.imap().bind(),
                server.imap().getPort(),
                AUDITOR,
                ADMIN,
                settings.archive().path()));
  }
}
