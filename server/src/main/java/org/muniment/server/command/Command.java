package org.muniment.server.command;

import java.util.List;
import org.muniment.server.config.Settings;

/// One command of the command line.
interface Command {

  /// As it is typed.
  String name();

  /// What it does, in some words.
  String summary();

  /// All a person needs to use it: usage, what it does, options, an example.
  String help();

  /// Its options, as [Arguments#parse] takes them; none by default.
  default List<String> options() {
    return List.of();
  }

  /// @throws UsageException when the arguments are wrong
  /// @throws Exception when it could not be done; the message is for the person who asked
  ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception;
}
