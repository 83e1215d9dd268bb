package org.muniment.server.capture.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads every PST file of a folder of real mail, named by MUNIMENT_CORPUS: there is no free
/// program that writes one.
class PstCorpusTest {

  @TempDir Path folder;

  @Test
  void everyMessageIsSynthesisedTheSameEachTimeAndIsOneOfMime() throws Exception {
    int messages = 0;
    for (Path file : files()) {
      Collected found = Collected.of(ImportFormat.PST, file, folder);
      System.out.println(
          file.getFileName()
              + ": "
              + found.byMailbox().keySet()
              + " failed "
              + found.failed
              + " skipped "
              + found.skipped);
      assertThat(Collected.of(ImportFormat.PST, file, folder).messages).isEqualTo(found.messages);
      for (Collected.Found message : found.messages) {
        messages++;
        assertThat(message.synthetic()).isTrue();
        MimeMessage read =
            new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(message.octets().getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(read.getContent()).as("%s", message.path()).isNotNull();
        assertThat(message.octets().replace("\r\n", "")).doesNotContain("\n", "\r", "\0");
      }
    }
    assertThat(messages).isPositive();
  }

  @Test
  void aDamagedFileGivesWhatItHasOrIsRefused() throws Exception {
    long seed = System.nanoTime();
    System.out.println("PstCorpusTest seed " + seed);
    Random random = new Random(seed);
    for (Path file : files()) {
      byte[] octets = Files.readAllBytes(file);
      for (int run = 0; run < 30; run++) {
        byte[] damaged = octets.clone();
        for (int i = 0; i < 200; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        Path copy = Files.write(folder.resolve("damaged.pst"), damaged);
        try {
          Collected.of(ImportFormat.PST, copy, folder);
        } catch (IOException refused) {
          assertThat(refused).hasMessageContaining("damaged.pst");
        }
      }
    }
  }

  private static List<Path> files() throws IOException {
    @Nullable String corpus = System.getenv("MUNIMENT_CORPUS");
    assumeTrue(corpus != null, "MUNIMENT_CORPUS is not set");
    try (Stream<Path> files = Files.walk(Path.of(corpus == null ? "." : corpus))) {
      return files.filter(file -> file.toString().endsWith(".pst")).sorted().toList();
    }
  }
}
