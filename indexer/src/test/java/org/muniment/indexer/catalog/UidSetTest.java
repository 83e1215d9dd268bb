package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;

class UidSetTest {

  @Test
  void answersLikeASortedListHoweverItWasGrown() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Long> expected = new ArrayList<>();
    UidSet set = UidSet.EMPTY;
    long uid = 0;
    for (int i = 0; i < 500; i++) {
      UidRanges.Builder more = new UidRanges.Builder();
      for (int j = random.nextInt(4); j > 0; j--) {
        uid += random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1;
        expected.add(uid);
        more.accept(uid);
      }
      set = UidSet.of(set.ranges().or(more.build()));
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
    UidSet set = UidSet.of(UidRanges.parse("1," + Uid.MAX, 2));
    assertThat(set.at(1)).isEqualTo(new Uid(Uid.MAX));
    assertThat(set.indexFrom(2)).isEqualTo(1);
  }
}
