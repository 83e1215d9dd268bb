package org.muniment.archive.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RootKeyWordsTest {

  private final SoftwareRootKey key = SoftwareRootKey.generate(new SecureRandom());
  private final List<String> words = RootKeyWords.of(key).words();

  /// arXiv 0901.4016: 127.0.0.1 is lusab-babad, 63.84.220.193 is gutih-tugad.
  @Test
  void theWordsAreProquints() {
    byte[] octets = new byte[32];
    byte[] addresses = {127, 0, 0, 1, 63, 84, (byte) 220, (byte) 193};
    System.arraycopy(addresses, 0, octets, 0, addresses.length);
    assertThat(RootKeyWords.of(SoftwareRootKey.of(octets)).words())
        .hasSize(RootKeyWords.COUNT)
        .startsWith("lusab", "babad", "gutih", "tugad", "babab");
  }

  @RepeatedTest(100)
  void theWordsGiveTheKeyBack() {
    assertThat(new RootKeyWords(words).key().octets()).isEqualTo(key.octets());
  }

  @Test
  void everyWordComesBack() {
    for (int bits = 0; bits < 1 << 16; bits += 16) {
      byte[] octets = new byte[32];
      Arrays.fill(octets, 0, 8, (byte) (bits >> 8));
      Arrays.fill(octets, 8, 32, (byte) bits);
      SoftwareRootKey each = SoftwareRootKey.of(octets);
      assertThat(RootKeyWords.of(each).key().octets()).isEqualTo(octets);
    }
  }

  @Test
  void peopleWriteThemAsTheyLike() {
    String text = " 1. " + String.join("-", words.subList(0, 9)).toUpperCase(Locale.ROOT) + "\r\n";
    text += "\t10: " + String.join(" , ", words.subList(9, RootKeyWords.COUNT));
    assertThat(RootKeyWords.parse(text).words()).isEqualTo(words);
  }

  @Test
  void aWrongNumberOfWordsIsSaid() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RootKeyWords.parse(String.join(" ", words.subList(0, 16))))
        .withMessage("a root key has 17 words, and these are 16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RootKeyWords.parse("  "))
        .withMessage("a root key has 17 words, and these are 0");
  }

  @Test
  void aWordThatIsNoneIsNamedByItsNumber() {
    for (String wrong : List.of("lusa", "lusabb", "elusa", "lüsab", "xusab", "lusabbabad")) {
      List<String> changed = new ArrayList<>(words);
      changed.set(4, wrong);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RootKeyWords.parse(String.join(" ", changed)))
          .withMessageStartingWith("word 5 is none of a root key's")
          .withMessageNotContaining("\"" + wrong + "\"");
    }
  }

  /// One in 65,536 pairs fits by chance; these keys are fixed, so that none does.
  @Test
  void exchangedWordsAndOtherWordsDoNotFitTheLast() {
    byte[] octets = new byte[32];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) i;
    }
    List<String> right = RootKeyWords.of(SoftwareRootKey.of(octets)).words();
    for (int i = 0; i < RootKeyWords.COUNT; i++) {
      List<String> other = new ArrayList<>(right);
      other.set(i, "zuzuz");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new RootKeyWords(other).key())
          .withMessageContaining("does not fit");
      List<String> exchanged = new ArrayList<>(right);
      exchanged.set(i, right.get((i + 1) % RootKeyWords.COUNT));
      exchanged.set((i + 1) % RootKeyWords.COUNT, right.get(i));
      assertThatIllegalArgumentException().isThrownBy(() -> new RootKeyWords(exchanged).key());
    }
  }
}
