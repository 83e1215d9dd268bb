package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.muniment.server.capture.fixture.Requires;

/// A program that people read or copy their mail with.
final class ClientProgram {

  private static final int LONGEST_SECONDS = 120;

  private ClientProgram() {}

  /// Runs it to its end, which has to be a good one.
  ///
  /// @param home where it keeps what it keeps
  /// @param debianPackage what it comes with
  /// @return what it says
  static String run(Path home, String debianPackage, String... command) throws Exception {
    Requires.program(command[0], debianPackage);
    Path output = home.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("TERM", "xterm");
    Process process =
        builder
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
          .as("%s ends", command[0])
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    // Not all that it says need be in UTF-8.
    String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as("%s says %s", command[0], said).isZero();
    return said;
  }
}
