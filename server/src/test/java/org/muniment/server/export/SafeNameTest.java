package org.muniment.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INBOX | INBOX",
        "Ärger & Co | Ärger & Co",
        "a:b?*<>\"/\\ | a_b_______",
        "CON | _CON",
        "con.txt | _con.txt",
        "LPT1 | _LPT1",
        "COM\u00B9 | COM\u00B9_or",
        "Company | Company",
        ".. | __",
        ".hidden | _.hidden",
        "'end. ' | end__",
        "'' | _",
        "x.eml | x.eml_",
        "X.MBOX | X.MBOX_",
        "a\u202Eb | a_b",
        "a\u0000b | a_b",
      })
  void everyFileSystemTakesIt(String text, String name) {
    if (name.endsWith("_or")) {
      assertThat(SafeName.of(text)).startsWith("_");
    } else {
      assertThat(SafeName.of(text)).isEqualTo(name);
    }
  }

  @Test
  void decomposedAndComposedAreOne() {
    assertThat(SafeName.of("A\u0308")).isEqualTo(SafeName.of("\u00C4"));
    assertThat(SafeName.folded("STRASSE")).isEqualTo(SafeName.folded("stra\u00DFe"));
  }

  @Test
  void noTextMakesAnUnsafeName() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        text.appendCodePoint(
            random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x110000));
      }
      String name = SafeName.of(text.toString());
      assertThat(name).as("seed " + seed).isNotEmpty().isEqualTo(SafeName.of(name));
      assertThat(SafeName.octets(name)).isLessThanOrEqualTo(SafeName.MAX_OCTETS + 3);
      assertThat(name.chars().noneMatch(c -> c < ' ' || "<>:\"/\\|?*".indexOf(c) >= 0)).isTrue();
      assertThat(List.of(".", " ")).noneMatch(name::endsWith).noneMatch(name::startsWith);
    }
  }
}
