package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.Uid;

class UidSetTest {

  @Test
  void answersLikeASortedListHoweverItWasGrown() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Long> expected = new ArrayList<>();
    UidSet set = UidSet.EMPTY;
    long uid = 0;
    for (int i = 0; i < 500; i++) {
      UidSet.Builder builder = new UidSet.Builder(set);
      for (int j = random.nextInt(4); j > 0; j--) {
        uid += random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1;
        expected.add(uid);
        builder.add(uid);
      }
      set = builder.build();
    }
    UidSet grown = set;
    assertThat(LongStream.range(0, grown.size()).map(i -> grown.at((int) i).value()).boxed())
        .as("seed %d", seed)
        .containsExactlyElementsOf(expected);
    for (long each = 0; each <= uid + 2; each++) {
      long sought = each;
      assertThat(grown.contains(each)).as("seed %d", seed).isEqualTo(expected.contains(each));
      assertThat(grown.indexFrom(each))
          .as("seed %d", seed)
          .isEqualTo((int) expected.stream().filter(e -> e < sought).count());
    }
    assertThat(grown.last()).isEqualTo(uid);
  }

  @Test
  void theLargestUidHasAPlace() {
    UidSet set = new UidSet.Builder(UidSet.EMPTY).add(1).add(Uid.MAX).build();
    assertThat(set.at(1)).isEqualTo(new Uid(Uid.MAX));
    assertThat(set.indexFrom(2)).isEqualTo(1);
  }

  @Test
  void growsUpwardsOnly() {
    UidSet.Builder builder = new UidSet.Builder(UidSet.EMPTY).add(5);
    assertThatThrownBy(() -> builder.add(5)).isInstanceOf(IllegalArgumentException.class);
  }
}
