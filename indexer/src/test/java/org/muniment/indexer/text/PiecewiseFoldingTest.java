package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PiecewiseFoldingTest {

  private static final int PIECE = 64 << 10;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  /// Letters whose folding has another length, some of them two units themselves.
  private String text(int length) {
    int[] letters = {'a', 'b', 'ß', 'é', 'ﬁ', 0x1F600, 0x1D400};
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }

  private static long[] sorted(Grams grams) {
    long[] distinct = grams.distinct();
    Arrays.sort(distinct);
    return distinct;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, PIECE - 1, PIECE, PIECE + 1, PIECE + 2, 3 * PIECE + 7})
  void hasTheGramsOfTheWhole(int length) {
    System.out.println("seed " + seed);
    String text = text(length);
    Grams whole = new Grams();
    whole.add(CaseFold.fold(text));
    Grams pieces = new Grams();
    pieces.fold(text);
    assertThat(sorted(pieces)).isEqualTo(sorted(whole));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 64, 65, 300})
  void aValueIsFoundWhereverItStands(int length) {
    System.out.println("seed " + seed);
    String value = "X" + text(length) + "Y";
    String before = text(2 * PIECE);
    String after = text(100);
    for (int at = PIECE - length - 4; at < PIECE + 4; at++) {
      String start = before.substring(0, at);
      assertThat(new Substring(value).isIn(start + value + after)).as("at %d", at).isTrue();
      assertThat(new Substring(value).isIn(start + value.substring(1) + after)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 2 * PIECE})
  void theEmptyValueStandsInEach(int length) {
    assertThat(new Substring("").isIn(text(length))).isTrue();
  }
}
