package org.muniment.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program in a process of its own, which ends with this one at the latest.
public final class ProgramChild {

  private ProgramChild() {}

  /// Begins to run a command in little memory.
  ///
  /// @param flags of the JVM, further ones
  /// @param errors where its standard error goes
  public static Process start(
      List<String> flags, Path config, ProcessBuilder.Redirect errors, String... command)
      throws IOException {
    List<String> all = new ArrayList<>(flags);
    all.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
    return startWith(all, config, errors, command);
  }

  /// Begins to run a command.
  ///
  /// @param flags of the JVM, all of them
  /// @param errors where its standard error goes
  static Process startWith(
      List<String> flags, Path config, ProcessBuilder.Redirect errors, String... command)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(flags);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    line.addAll(List.of(command));
    line.addAll(List.of("--config", config.toString()));
    Process process = new ProcessBuilder(line).redirectError(errors).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }
}
