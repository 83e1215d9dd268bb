package org.muniment.server.view.imap.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModifiedUtf7Test {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e | ~peter/mail/&U,BTFw-/&ZeVnLIqe-",
        "Entw\u00fcrfe | Entw&APw-rfe",
        "A & B | A &- B",
        "\ud83d\ude00 | &2D3eAA-",
        "INBOX | INBOX"
      })
  void encodesAsTheRfcShows(String name, String encoded) throws SyntaxException {
    assertThat(ModifiedUtf7.encode(name)).isEqualTo(encoded);
    assertThat(ModifiedUtf7.decode(encoded)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"&", "a&b", "&A-", "&!!!-", "&AP-", "\u00fc"})
  void refusesWhatIsNoName(String encoded) {
    assertThatThrownBy(() -> ModifiedUtf7.decode(encoded)).isInstanceOf(SyntaxException.class);
  }

  @Test
  void readsRawUtf8() throws SyntaxException {
    assertThat(ModifiedUtf7.decode("z\u00c3\u00bc")).isEqualTo("z\u00fc");
  }

  @Test
  void everyTextComesBack() throws SyntaxException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        name.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x10000)));
      }
      String encoded = ModifiedUtf7.encode(name.toString());
      assertThat(encoded).as("seed %d", seed).matches("[ -~]*");
      assertThat(ModifiedUtf7.decode(encoded)).as("seed %d", seed).isEqualTo(name.toString());
    }
  }
}
