package org.muniment.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotingTest {

  private static String through(String text, boolean undone) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Quoting quoting = new Quoting(out, undone)) {
      quoting.write(text.getBytes(StandardCharsets.ISO_8859_1));
      quoting.finish();
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "From a, >From a",
    ">From a, >>From a",
    ">>From a, >>>From a",
    "Fro, Fro",
    ">Fro, >Fro",
    "From, From",
    ">, >",
    "x From a, x From a",
    "FFrom a, FFrom a",
  })
  void onlyLinesThatLookLikeFromLinesAreQuoted(String line, String quoted) throws IOException {
    assertThat(through("a\n" + line + "\nb", false)).isEqualTo("a\n" + quoted + "\nb");
    assertThat(through(line, false)).isEqualTo(quoted);
    assertThat(through(quoted, true)).isEqualTo(line);
  }

  @Test
  void whatIsQuotedComesBack() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String letters = ">>From \n\n\r";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(
            random.nextInt(4) == 0 ? "\nFrom " : letters.charAt(random.nextInt(letters.length())));
      }
      String quoted = through(text.toString(), false);
      assertThat(quoted.lines().noneMatch(line -> line.startsWith("From ")))
          .as("seed " + seed)
          .isTrue();
      assertThat(through(quoted, true)).as("seed " + seed).isEqualTo(text.toString());
    }
  }
}
