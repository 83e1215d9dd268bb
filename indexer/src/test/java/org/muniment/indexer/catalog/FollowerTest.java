package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
}
