package org.muniment.archive.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UidRangesTest {

  @Test
  void neighboursJoinAndGapsStay() {
    UidRanges uids = of(1, 2, 3, 7, 9, 10);
    assertThat(uids).hasToString("1:3,7,9:10");
    assertThat(uids.size()).isEqualTo(6);
    assertThat(uids.contains(new Uid(2))).isTrue();
    assertThat(uids.contains(new Uid(8))).isFalse();
  }

  @Test
  void anyOrderAndRepetitionGiveTheSameSet() {
    assertThat(of(9, 1, 3, 2, 10, 3, 7)).isEqualTo(of(1, 2, 3, 7, 9, 10));
  }

  @Test
  void theLargestUidIsOneOfThem() {
    UidRanges uids = of(Uid.MAX - 1, Uid.MAX);
    assertThat(uids.minus(of(Uid.MAX - 1))).hasToString("4294967295");
  }

  @Test
  void chunksAreAtMostThatLargeAndCoverEverything() {
    Iterable<UidRanges> chunks = of(1, 2, 3, 7, 9, 10, 11).chunks(3);
    assertThat(chunks).extracting(UidRanges::toString).containsExactly("1:3", "7,9:10", "11");
    assertThat(UidRanges.EMPTY.chunks(3)).isEmpty();
  }

  @Test
  void aroundOthersTheOrderStays() {
    assertThat(of(1, 2, 3, 7, 9, 10, 11).around(of(3, 8, 10)))
        .extracting(UidRanges::toString)
        .containsExactly("1:2", "3", "7,9", "10", "11");
    assertThat(of(5).around(of(5))).containsExactly(of(5));
    assertThat(of(5, 6).around(UidRanges.EMPTY)).containsExactly(of(5, 6));
    assertThat(of(Uid.MAX, 1).around(of(Uid.MAX, 1))).hasSize(2);
    assertThat(UidRanges.EMPTY.around(of(5))).isEmpty();
  }

  @Test
  void chunksOfEverythingThereCanBeTakeNoMemory() {
    UidRanges all = new UidRanges.Builder().add(1, Uid.MAX).build();
    assertThat(all.chunks(250).iterator().next()).hasToString("1:250");
  }

  @Test
  void minusIsWhatSetsSay() {
    long seed = System.nanoTime();
    System.out.println("UidRangesTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      Set<Long> one = some(random);
      Set<Long> other = some(random);
      UidRanges rest = of(one).minus(of(other));
      one.removeAll(other);
      assertThat(rest).isEqualTo(of(one));
      assertThat(rest.size()).isEqualTo(one.size());
    }
  }

  @Test
  void orIsWhatSetsSay() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      Set<Long> one = some(random);
      Set<Long> other = some(random);
      UidRanges both = of(one).or(of(other));
      one.addAll(other);
      assertThat(both).as("seed %d round %d", seed, round).isEqualTo(of(one));
    }
  }

  private static Set<Long> some(Random random) {
    Set<Long> uids = new TreeSet<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      uids.add(1L + random.nextInt(50));
    }
    return uids;
  }

  private static UidRanges of(Iterable<Long> uids) {
    UidRanges.Builder builder = new UidRanges.Builder();
    uids.forEach(builder::accept);
    return builder.build();
  }

  private static UidRanges of(long... uids) {
    UidRanges.Builder builder = new UidRanges.Builder();
    for (long uid : uids) {
      builder.accept(uid);
    }
    return builder.build();
  }
}
