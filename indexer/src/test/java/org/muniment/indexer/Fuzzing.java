package org.muniment.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Fuzzing with Jazzer, by its command line. `-Dfuzz.seconds=600` fuzzes for longer.
public final class Fuzzing {

  private Fuzzing() {}

  /// Fuzzes a target until time is over; a finding fails the test.
  ///
  /// @param target has `fuzzerTestOneInput`
  /// @param work empty folder
  public static void fuzz(Class<?> target, List<byte[]> seeds, Path work) throws Exception {
    Path corpus = Files.createDirectory(work.resolve("corpus"));
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed" + i), seeds.get(i));
    }
    Path log = work.resolve("log");
    Process fuzzer =
        new ProcessBuilder(command(target, corpus))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()))
            .start();
    try {
      int exit = fuzzer.waitFor();
      List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      lines.subList(Math.max(0, lines.size() - 3), lines.size()).forEach(System.out::println);
      assertThat(exit).as(() -> String.join("\n", lines)).isZero();
    } finally {
      fuzzer.destroyForcibly();
    }
  }

  private static List<String> command(Class<?> target, Path corpus) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.getName(),
            "--instrumentation_includes=org.muniment.indexer.**",
            "-max_total_time=" + Integer.getInteger("fuzz.seconds", 60),
            "-timeout=10",
            "-rss_limit_mb=2048",
            corpus.toString()));
  }
}
