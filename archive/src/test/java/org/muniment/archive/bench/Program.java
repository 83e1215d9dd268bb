package org.muniment.archive.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs other programs, each with an environment that it shares with no user of the machine.
///
/// @param folder where they may write; their words go to `output` in it
/// @param environment what is set in addition
record Program(Path folder, Map<String, String> environment) {

  Program {
    environment = Map.copyOf(environment);
  }

  Program with(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Program(folder, more);
  }

  /// Runs a program to its end.
  ///
  /// @return what it said
  /// @throws IOException when it ends with anything but 0; says what it said
  String run(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      int exit = process.waitFor();
      String said = Files.readString(output);
      if (exit != 0) {
        throw new IOException("%s ended with %d: %s".formatted(command[0], exit, said));
      }
      return said;
    } finally {
      process.destroy();
    }
  }

  /// Whether a program is on the path, or where the system keeps its servers.
  static boolean installed(String name) {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)),
            List.of("/usr/sbin", "/usr/bin").stream())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }
}
