package org.muniment.archive;

import java.util.ArrayList;
import java.util.List;

/// A further Java process with the classes of the tests.
public final class JavaProcess {

  private JavaProcess() {}

  /// A process to be started, which writes its errors where this one does.
  ///
  /// @param heap the most octets of its heap, as `64m`
  /// @param main has a method `main`
  public static ProcessBuilder of(String heap, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("-Xmx" + heap);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }
}
