package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.indexer.Fuzzing;
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
    Fuzzing.fuzz(FuzzedMail.class, AwkwardMail.all(), work);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void noHtmlBreaksTheReader() throws Exception {
    Fuzzing.fuzz(
        FuzzedHtml.class,
        List.of(
            Mails.lf("<title>t &amp;</title><p style='font-size:0'>a<b style=font-size:9px>b</b>"),
            Mails.lf(
                "<div hidden><img alt=\"a\" title='t' width=1></div><script>x</script><!--c-->"),
            Mails.lf("<td style=display:none>a<td>b<br/>&#x4e2d;<![CDATA[x]]>")),
        work);
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
}
