package org.muniment.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
  void aJobRunsOnceMoreAtATimeOfItsOwnAndTheLastOneSaidCounts() throws Exception {
    CountDownLatch twice = new CountDownLatch(2);
    CountDownLatch once = new CountDownLatch(1);
    try (CronSchedule schedule = new CronSchedule("test", 1)) {
      schedule.add(
          "job",
          NEXT_CENTURY,
          () -> {
            twice.countDown();
            once.countDown();
          });
      schedule.start();
      schedule.runAt("job", Instant.now().minusSeconds(60));
      assertThat(once.await(20, TimeUnit.SECONDS)).isTrue();
      Instant soon = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.MILLIS);
      schedule.runAt("job", soon.minusSeconds(60));
      schedule.runAt("job", soon);
      assertThat(schedule.next("job")).contains(soon);
      assertThat(twice.getCount()).isEqualTo(1);
      schedule.runAt("job", Instant.now().plusMillis(100));
      assertThat(twice.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(schedule.next("job").orElseThrow()).isAfter(soon);
    }
  }

  @Test
  void theNextTimeOfAnExpressionIsToldAndNoneWhereThereIsNone() {
    Instant noon = Instant.parse("2026-01-05T12:00:00Z");
    assertThat(CronSchedule.next("30 * * * * ?", noon)).contains(noon.plusSeconds(30));
    assertThat(CronSchedule.next("0 0 0 1 1 ? 2020", noon)).isEmpty();
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
