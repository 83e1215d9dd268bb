package org.muniment.server;

import java.util.List;
import org.muniment.server.command.CommandLine;
import org.muniment.server.command.Console;

/// Where the program begins.
public final class Main {

  private Main() {}

  /// Runs one command and ends with its exit code.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(Console.system(), System::getenv).run(List.of(arguments)));
  }
}
