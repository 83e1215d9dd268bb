package org.muniment.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The program in a process of its own, which ends with this one at the latest.
public final class ProgramChild {

  private static final List<String> LITTLE_MEMORY =
      List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:+ExitOnOutOfMemoryError");

  private ProgramChild() {}

  /// Begins to run a command in little memory.
  ///
  /// @param flags of the JVM, further ones
  /// @param errors where its standard error goes
  public static Process start(
      List<String> flags, Path config, ProcessBuilder.Redirect errors, String... command)
      throws IOException {
    List<String> all = new ArrayList<>(flags);
    all.addAll(LITTLE_MEMORY);
    return startWith(all, config, errors, command);
  }

  /// The words that run a command in little memory, for another program to run.
  static List<String> words(Path config, String... command) {
    return words(LITTLE_MEMORY, config, command);
  }

  /// Begins to run a command.
  ///
  /// @param flags of the JVM, all of them
  /// @param errors where its standard error goes
  static Process startWith(
      List<String> flags, Path config, ProcessBuilder.Redirect errors, String... command)
      throws IOException {
    return start(words(flags, config, command), errors);
  }

  /// Begins to run the words of a program.
  static Process start(List<String> words, ProcessBuilder.Redirect errors) throws IOException {
    Process process = new ProcessBuilder(words).redirectError(errors).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private static List<String> words(List<String> flags, Path config, String... command) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(flags);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    words.addAll(List.of(command));
    words.addAll(List.of("--config", config.toString()));
    return words;
  }
}
