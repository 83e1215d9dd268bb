package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainIT {

  @Test
  void twoThreadsForEachProcessorCarryTheSessions(@TempDir Path folder) throws IOException {
    assertThat(carriers(folder, List.of()))
        .isEqualTo(2 * Runtime.getRuntime().availableProcessors());
  }

  @Test
  void aFlagSaysHowManyThreadsCarryTheSessions(@TempDir Path folder) throws IOException {
    assertThat(carriers(folder, List.of("-Djdk.virtualThreadScheduler.parallelism=7")))
        .isEqualTo(7);
  }

  /// Asks a server in a process of its own.
  private static int carriers(Path folder, List<String> flags) throws IOException {
    Path config = Files.writeString(folder.resolve("config.yml"), Shell.FREE_PORTS);
    assertThat(new Shell(config).run("init")).isZero();
    Process server = ProgramChild.start(flags, config, ProcessBuilder.Redirect.PIPE, "serve");
    try (BufferedReader said = server.errorReader(UTF_8)) {
      assertThat(said.lines().anyMatch(line -> line.startsWith("IMAP view: "))).isTrue();
      String scheduler = jcmd(server.pid(), "Thread.vthread_scheduler");
      return Integer.parseInt(scheduler.replaceFirst("(?s).*?parallelism = ([0-9]+).*", "$1"));
    } finally {
      server.destroy();
      server.onExit().join();
    }
  }

  private static String jcmd(long process, String command) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process asked =
        new ProcessBuilder(jcmd.toString(), Long.toString(process), command)
            .redirectErrorStream(true)
            .start();
    return new String(asked.getInputStream().readAllBytes(), UTF_8);
  }
}
