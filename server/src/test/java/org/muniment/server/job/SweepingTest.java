package org.muniment.server.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SweepingTest {

  @Test
  void everySweepBeginsAtOnceWhateverBecomesOfTheOthers() throws Exception {
    CountDownLatch swept = new CountDownLatch(1);
    Sweeping.Sweep failing =
        () -> {
          throw new IOException("no such folder");
        };
    try (Sweeping sweeping = Sweeping.start(List.of(failing, swept::countDown))) {
      assertThat(swept.await(10, TimeUnit.SECONDS)).as("%s", sweeping).isTrue();
    }
  }
}
