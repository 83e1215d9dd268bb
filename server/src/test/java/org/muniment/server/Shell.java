package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.muniment.server.command.CommandLine;
import org.muniment.server.command.Console;

/// The command line in this process, with a config.yml, and what the last command said.
public final class Shell {

  /// What config.yml says to have every listener take a free port.
  public static final String FREE_PORTS =
      """
      imap: { port: 0 }
      logging: { level: WARN }
      server:
        applicationConnectors: [{ type: http, port: 0 }]
        adminConnectors: [{ type: http, port: 0 }]
      """;

  private final Path config;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  public Shell(Path config) {
    this.config = config;
  }

  /// Sets a variable of the environment.
  public void set(String name, String value) {
    environment.put(name, value);
  }

  /// Runs a command.
  ///
  /// @return its exit code
  public int run(String... arguments) {
    return runWith("", arguments);
  }

  /// Runs a command that reads `input`.
  ///
  /// @return its exit code
  public int runWith(String input, String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false);
    List<String> line = new ArrayList<>(List.of("--config", config.toString()));
    line.addAll(List.of(arguments));
    return new CommandLine(console, environment::get).run(line);
  }

  /// What the last command printed.
  public String out() {
    return out.toString(UTF_8);
  }

  /// What the last command complained of.
  public String err() {
    return err.toString(UTF_8);
  }
}
