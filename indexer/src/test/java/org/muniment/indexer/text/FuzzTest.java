package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.indexer.mail.Mails;

/// Fuzzing with Jazzer, by its command line, and what it once found: files in the folders
/// `fuzz/mail` and `fuzz/html` of the test resources. `-Dfuzz.seconds=600` fuzzes for longer.
class FuzzTest {

  private static final Duration LONGEST = Duration.ofSeconds(5);

  @TempDir private Path work;

  @Test
  void whatWasFoundOnceIsRead() throws IOException, URISyntaxException {
    for (Path file : kept("mail")) {
      long begin = System.nanoTime();
      FuzzedMail.fuzzerTestOneInput(Files.readAllBytes(file));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("%s", file).isLessThan(LONGEST);
    }
    for (Path file : kept("html")) {
      long begin = System.nanoTime();
      FuzzedHtml.fuzzerTestOneInput(Files.readAllBytes(file));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("%s", file).isLessThan(LONGEST);
    }
  }

  @Test
  @Tag("slow")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void noMailBreaksTheReader() throws Exception {
    fuzz(FuzzedMail.class, AwkwardMail.all());
  }

  @Test
  @Tag("slow")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void noHtmlBreaksTheReader() throws Exception {
    fuzz(
        FuzzedHtml.class,
        List.of(
            Mails.lf("<title>t &amp;</title><p style='font-size:0'>a<b style=font-size:9px>b</b>"),
            Mails.lf(
                "<div hidden><img alt=\"a\" title='t' width=1></div><script>x</script><!--c-->"),
            Mails.lf("<td style=display:none>a<td>b<br/>&#x4e2d;<![CDATA[x]]>")));
  }

  private static List<Path> kept(String kind) throws IOException, URISyntaxException {
    URL folder = FuzzTest.class.getResource("/fuzz/" + kind);
    if (folder == null) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().toList();
    }
  }

  private void fuzz(Class<?> target, List<byte[]> seeds) throws Exception {
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
