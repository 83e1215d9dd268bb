package org.muniment.server;

import java.util.List;
import org.muniment.server.command.CommandLine;
import org.muniment.server.command.Console;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Where the program begins.
public final class Main {

  private Main() {}

  /// Runs one command and ends with its exit code.
  public static void main(String[] arguments) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.exit(new CommandLine(Console.system(), System::getenv).run(List.of(arguments)));
  }
}
