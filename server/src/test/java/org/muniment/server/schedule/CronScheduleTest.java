package org.muniment.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CronScheduleTest {

  private static final String EVERY_SECOND = "* * * * * ?";
  private static final String NEXT_CENTURY = "0 0 0 1 1 ? 2099";

  @Test
  void aJobThatFailsIsStartedAgain() throws Exception {
    CountDownLatch runs = new CountDownLatch(2);
    try (CronSchedule schedule = new CronSchedule("test", 1)) {
      schedule.add(
          "failing",
          EVERY_SECOND,
          () -> {
            runs.countDown();
            throw new IllegalStateException("on purpose");
          });
      schedule.start();
      assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aJobCanBeStartedByHandBeforeTheScheduleBegins() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    try (CronSchedule schedule = new CronSchedule("test", 1)) {
      schedule.add("first", NEXT_CENTURY, first::countDown);
      schedule.add("second", NEXT_CENTURY, second::countDown);
      schedule.runNow("first");
      schedule.start();
      assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(second.getCount()).isEqualTo(1);
    }
  }

  @Test
  void whatIsNoCronExpressionIsRefused() throws Exception {
    try (CronSchedule schedule = new CronSchedule("test", 1)) {
      assertThatThrownBy(() -> schedule.add("job", "hourly", () -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("schedule of job");
    }
  }
}
