package org.muniment.server.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.muniment.server.job.Jobs.BusyException;
import org.muniment.server.job.Jobs.JobException;

@Timeout(60)
class JobsTest {

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final Jobs jobs = new Jobs(now::get);

  @AfterEach
  void end() {
    letGo.countDown();
    jobs.close();
  }

  private Object wait(String result) {
    try {
      letGo.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result;
  }

  private static JobState over(Job job) throws InterruptedException {
    JobState state = job.state();
    while (!state.over()) {
      state = job.after(state.version(), Duration.ofSeconds(10));
    }
    return state;
  }

  @Test
  void aJobTellsItsProgressAndItsResult() throws Exception {
    Job job =
        jobs.start(
            "count",
            "sheep",
            "alice",
            progress -> {
              progress.accept("one");
              return wait("two");
            });
    JobState first = job.state();
    while (first.progress() == null) {
      first = job.after(first.version(), Duration.ofSeconds(10));
    }
    assertThat(first.progress()).isEqualTo("one");
    assertThat(first.over()).isFalse();
    letGo.countDown();
    JobState last = over(job);
    assertThat(last.phase()).isEqualTo(JobState.Phase.DONE);
    assertThat(last.result()).isEqualTo("two");
    assertThat(last.ended()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void aFailureIsToldAndADefectIsNot() throws Exception {
    Job failed =
        jobs.start(
            "a",
            "b",
            "alice",
            progress -> {
              throw new JobException("the disk is full");
            });
    assertThat(over(failed).problem()).isEqualTo("the disk is full");
    Job broken =
        jobs.start(
            "a",
            "b",
            "alice",
            progress -> {
              throw new IllegalStateException("secret of the inside");
            });
    assertThat(over(broken).phase()).isEqualTo(JobState.Phase.FAILED);
    assertThat(over(broken).problem()).doesNotContain("secret");
  }

  @Test
  void onlyWhoStartedItFindsIt() throws Exception {
    Job job = jobs.start("a", "b", "alice", progress -> "done");
    String id = job.state().id();
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(jobs.find(id, "alice")).contains(job);
    assertThat(jobs.find(id, "bob")).isEmpty();
    assertThat(jobs.find("0".repeat(32), "alice")).isEmpty();
  }

  @Test
  void thereAreNeverTwoOfAKindWithOneSubject() throws Exception {
    Job job = jobs.start("a", "b", "alice", progress -> wait("done"));
    assertThat(jobs.start("a", "b", "alice", progress -> "other")).isSameAs(job);
    assertThatThrownBy(() -> jobs.start("a", "b", "bob", progress -> "other"))
        .isInstanceOf(BusyException.class);
    assertThat(jobs.start("a", "c", "bob", progress -> "other")).isNotSameAs(job);
    letGo.countDown();
    over(job);
    assertThat(jobs.start("a", "b", "alice", progress -> "other")).isNotSameAs(job);
  }

  @Test
  void theirNumberIsBoundedAndTheyAreForgotten() throws Exception {
    for (int i = 0; i < Jobs.MOST_RUNNING; i++) {
      jobs.start("run", "" + i, "alice", progress -> wait("done"));
    }
    assertThatThrownBy(() -> jobs.start("run", "more", "alice", progress -> "done"))
        .isInstanceOf(BusyException.class);
    letGo.countDown();
    List<Job> all = new ArrayList<>();
    while (all.size() < 2 * Jobs.MOST_KEPT) {
      try {
        all.add(jobs.start("short", "" + all.size(), "alice", progress -> "done"));
        over(all.getLast());
      } catch (BusyException e) {
        Thread.sleep(1); // those of before are ending
      }
    }
    assertThat(all.stream().filter(job -> jobs.find(job.state().id(), "alice").isPresent()))
        .hasSizeBetween(Jobs.MOST_KEPT - Jobs.MOST_RUNNING, Jobs.MOST_KEPT);
    now.set(Instant.EPOCH.plus(Jobs.KEPT).plusMillis(1));
    assertThat(jobs.find(all.getLast().state().id(), "alice")).isEmpty();
  }

  @Test
  void whoWaitsIsLetGoWhenTheServerEnds() throws Exception {
    Job job = jobs.start("a", "b", "alice", progress -> wait("done"));
    jobs.close();
    assertThat(over(job).problem()).contains("the server ended");
    assertThat(over(jobs.start("a", "b", "alice", progress -> "x")).problem())
        .contains("the server ended");
  }
}
