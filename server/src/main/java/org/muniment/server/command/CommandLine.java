package org.muniment.server.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.muniment.server.access.AccessException;
import org.muniment.server.config.ConfigException;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.CannotStartException;
import org.muniment.server.runtime.ControlSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the command line, runs the command, and turns what comes of it into one line and an exit
/// code.
public final class CommandLine {

  private static final Logger LOG = LoggerFactory.getLogger(CommandLine.class);

  private static final List<Command> COMMANDS =
      List.of(
          new ServeCommand(),
          new InitCommand(),
          new CheckCommand(),
          new CaptureCommand(),
          new ImportCommand(),
          new RestoreCommand(),
          new ExportCommand(),
          new SearchCommand(),
          new StatusCommand(),
          new VerifyCommand(),
          new SealCommand(),
          new RebuildCommand(),
          new BackupCommand(),
          new ProofCommand(),
          new PublishCommand(),
          new KeyCommand(),
          new UserCommand());

  private final Console console;
  private final Function<String, @Nullable String> environment;

  /// @param environment the value of a variable, null when it is not set
  public CommandLine(Console console, Function<String, @Nullable String> environment) {
    this.console = console;
    this.environment = environment;
  }

  /// Runs the command that `arguments` name.
  ///
  /// @return the exit code: 0 done, 1 done with findings, 2 wrong use, 3 could not
  public int run(List<String> arguments) {
    Optional<Command> command =
        COMMANDS.stream().filter(known -> known.name().equals(commandName(arguments))).findFirst();
    return command
        .map(known -> run(known, arguments))
        .orElseGet(() -> withoutCommand(arguments))
        .number();
  }

  /// The first word that is neither an option nor the value of `--config`.
  private static @Nullable String commandName(List<String> arguments) {
    int at = commandIndex(arguments);
    return at < arguments.size() ? arguments.get(at) : null;
  }

  private static int commandIndex(List<String> arguments) {
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("--")) {
      at += arguments.get(at).equals("--config") ? 2 : 1;
    }
    return at;
  }

  private ExitCode withoutCommand(List<String> arguments) {
    String name = commandName(arguments);
    if (name == null && arguments.contains("--help")) {
      console.out().print(overview());
      return ExitCode.DONE;
    }
    console
        .err()
        .println(name == null ? "A COMMAND is missing." : "There is no command " + name + ".");
    console.err().print(overview());
    return ExitCode.WRONG_USE;
  }

  private ExitCode run(Command command, List<String> arguments) {
    List<String> options = new ArrayList<>(command.options());
    options.add("--config FILE");
    options.add("--help");
    List<String> rest = new ArrayList<>(arguments);
    rest.remove(commandIndex(arguments));
    try {
      Arguments parsed = Arguments.parse(rest, options);
      if (parsed.has("--help")) {
        console.out().print(command.help());
        return ExitCode.DONE;
      }
      Path file = Path.of(parsed.value("--config").orElse("config.yml"));
      Settings settings = ConfigFile.load(file, environment);
      return command.run(parsed, settings, console);
    } catch (UsageException e) {
      return failed(
          ExitCode.WRONG_USE,
          e.getMessage() + "\nscripts/muniment " + command.name() + " --help says more");
    } catch (ConfigException e) {
      return failed(ExitCode.WRONG_USE, e.getMessage());
    } catch (AccessException
        | CannotStartException
        | ControlSocket.RefusedException
        | IOException e) {
      LOG.debug("{} failed", command.name(), e);
      return failed(ExitCode.COULD_NOT, e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (Exception e) {
      LOG.error("{} failed", command.name(), e);
      return failed(ExitCode.COULD_NOT, "unexpected: " + e);
    }
  }

  private ExitCode failed(ExitCode code, @Nullable String message) {
    console.err().println(message);
    return code;
  }

  private static String overview() {
    StringBuilder text =
        new StringBuilder("usage: scripts/muniment COMMAND ... [--config FILE] [--help]\n\n");
    for (Command command : COMMANDS) {
      text.append("  %-9s %s%n".formatted(command.name(), command.summary()));
    }
    return text.append(
            """

            --config FILE  the configuration file, config.yml by default
            --help         what the command does, its options, an example

            A command acts with all rights of the one who owns the data folder. Exit codes: 0 done,
            1 done with findings, 2 wrong use, 3 could not.
            """)
        .toString();
  }
}
