package org.muniment.server;

import java.util.List;
import org.muniment.server.command.CommandLine;
import org.muniment.server.command.Console;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Where the program begins.
public final class Main {

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  private Main() {}

  /// Runs one command and ends with its exit code.
  public static void main(String[] arguments) {
    addCarriers();
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.exit(new CommandLine(Console.system(), System::getenv).run(List.of(arguments)));
  }

  /// Has virtual threads carried by twice as many threads as there are processors, unless a flag
  /// says how many: no virtual thread is made to stop, so that with one for each processor whoever
  /// asks for little waits behind those who are sent much. Must come before the first of them.
  private static void addCarriers() {
    int carriers = 2 * Runtime.getRuntime().availableProcessors();
    System.getProperties().putIfAbsent(CARRIERS, Integer.toString(carriers));
  }
}
