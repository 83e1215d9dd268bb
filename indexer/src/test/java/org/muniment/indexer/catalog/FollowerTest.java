package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowerTest {

  private static final Duration SPELL = Duration.ofMillis(40);

  private final AtomicInteger spells = new AtomicInteger();
  private volatile boolean enough;
  private final Follower follower = new Follower("test", this::work);

  /// Works for ever, in spells that are worth a rest.
  private void work() {
    while (!enough && !follower.ending()) {
      long end = System.nanoTime() + SPELL.toNanos();
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      spells.incrementAndGet();
      follower.breathe();
    }
  }

  @AfterEach
  void end() {
    follower.close();
  }

  @Test
  void workThatStandsBackRestsUntilSomebodyWaitsForIt() throws Exception {
    follower.standBackWhile(() -> true);
    follower.start();
    int standingBack = spellsWithin(Duration.ofSeconds(2));
    Thread waiting = Thread.ofVirtual().start(this::run);
    int hurried = spellsWithin(Duration.ofSeconds(2));
    enough = true;
    waiting.join();
    assertThat(standingBack).isPositive();
    assertThat(hurried).isGreaterThan(2 * standingBack);
  }

  private int spellsWithin(Duration time) throws InterruptedException {
    int before = spells.get();
    Thread.sleep(time);
    return spells.get() - before;
  }

  private void run() {
    try {
      follower.run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRestEndsWithTheFollower() throws Exception {
    follower.standBackWhile(() -> true);
    follower.start();
    Thread.sleep(SPELL.multipliedBy(2));
    long begin = System.nanoTime();
    follower.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    assertThat(spells.get()).isPositive();
  }

  @Test
  void anErrorOfTheVirtualMachineIsToldAndTheWorkTriedAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    try (Follower failing =
        new Follower(
            "failing",
            () -> {
              tries.incrementAndGet();
              throw new OutOfMemoryError("on purpose");
            })) {
      failing.start();
      for (int i = 0; i < 600 && failing.failure().isEmpty(); i++) {
        Thread.sleep(Duration.ofMillis(50));
      }
      assertThat(failing.failure()).get().asString().contains("on purpose");
      int before = tries.get();
      assertThatThrownBy(failing::run).isInstanceOf(OutOfMemoryError.class);
      assertThat(tries.get()).isEqualTo(before + 1);
    }
  }

  @Test
  void aLongPieceOfWorkWaitsUntilItNeedNotStandBackAndNoLongerThanSaid() throws Exception {
    AtomicBoolean busy = new AtomicBoolean(true);
    AtomicInteger pieces = new AtomicInteger();
    AtomicReference<Duration> longest = new AtomicReference<>(Duration.ofHours(1));
    try (Follower patient = patient(pieces, longest)) {
      patient.standBackWhile(busy::get);
      patient.start();
      Thread.sleep(SPELL.multipliedBy(5));
      assertThat(pieces.get()).isZero();
      busy.set(false);
      await(pieces, 1);
      longest.set(Duration.ofMillis(1));
      busy.set(true);
      await(pieces, pieces.get() + 2);
    }
  }

  private static Follower patient(AtomicInteger pieces, AtomicReference<Duration> longest) {
    AtomicReference<Follower> self = new AtomicReference<>();
    Follower follower =
        new Follower(
            "patient",
            () -> {
              self.get().standAside(longest.get());
              pieces.incrementAndGet();
            });
    self.set(follower);
    return follower;
  }

  private static void await(AtomicInteger count, int least) throws InterruptedException {
    for (int i = 0; i < 600 && count.get() < least; i++) {
      Thread.sleep(Duration.ofMillis(50));
    }
    assertThat(count.get()).isGreaterThanOrEqualTo(least);
  }
}
