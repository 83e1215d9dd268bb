package org.muniment.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Fuzzing with Jazzer, by its command line; `-Dfuzz.seconds=600` fuzzes for longer. What was found
/// is kept as files in the test resources and tried again by fast tests.
public final class Fuzzing {

  private Fuzzing() {}

  /// Fuzzes a target until time is over; a finding fails the test.
  ///
  /// @param target has `fuzzerTestOneInput`
  /// @param words what inputs are likely made of
  /// @param work empty folder
  public static void fuzz(Class<?> target, List<byte[]> seeds, List<String> words, Path work)
      throws IOException, InterruptedException {
    Path corpus = Files.createDirectory(work.resolve("corpus"));
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed" + i), seeds.get(i));
    }
    Path dictionary = work.resolve("words");
    Files.write(dictionary, words.stream().map(word -> '"' + word + '"').toList());
    Path log = work.resolve("log");
    Process fuzzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.io.tmpdir=" + work,
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=org.muniment.server.view.imap.**",
                "-dict=" + dictionary,
                "-max_total_time=" + Integer.getInteger("fuzz.seconds", 60),
                "-timeout=10",
                "-rss_limit_mb=2048",
                corpus.toString())
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
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

  /// The findings in a folder of the test resources.
  public static List<Path> kept(String folder) throws IOException, URISyntaxException {
    URL place = Fuzzing.class.getResource("/fuzz/" + folder);
    assertThat(place).as("folder fuzz/%s of the test resources", folder).isNotNull();
    try (Stream<Path> files = Files.list(Path.of(place.toURI()))) {
      return files.sorted().toList();
    }
  }
}
