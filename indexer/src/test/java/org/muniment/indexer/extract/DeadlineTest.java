package org.muniment.indexer.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  @Test
  void whatIsMetDoesNotPass() throws InterruptedException {
    CountDownLatch passed = new CountDownLatch(1);
    Deadline deadline = new Deadline(Duration.ofMillis(50), passed::countDown);
    assertThat(deadline.meet()).isTrue();
    assertThat(passed.await(200, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(deadline.meet()).isTrue();
  }

  @Test
  void whatHasPassedIsNotMet() throws InterruptedException {
    CountDownLatch passed = new CountDownLatch(1);
    Deadline deadline = new Deadline(Duration.ofMillis(1), passed::countDown);
    assertThat(passed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(deadline.meet()).isFalse();
  }

  @Test
  void anAnswerAtTheLastMomentIsEitherInTimeOrLateAndNeverBoth() throws InterruptedException {
    AtomicInteger passed = new AtomicInteger();
    int late = 0;
    int rounds = 2_000;
    for (int round = 0; round < rounds; round++) {
      Deadline deadline = new Deadline(Duration.ofMillis(1), passed::incrementAndGet);
      long end = System.nanoTime() + 900_000L + round % 20 * 10_000L;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      late += deadline.meet() ? 0 : 1;
    }
    for (int i = 0; i < 100 && passed.get() < late; i++) {
      Thread.sleep(20);
    }
    assertThat(passed.get()).isEqualTo(late);
  }
}
