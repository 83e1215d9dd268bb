package org.muniment.server.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.server.job.JobState.Phase;

/// Work that goes on. Safe for use by many threads.
public final class Job {

  private final String user;
  private JobState state;

  /// @param user who asked for it
  Job(String id, String kind, String subject, String user, Instant started) {
    this.user = user;
    this.state = new JobState(id, kind, subject, Phase.RUNNING, started, null, null, null, null, 0);
  }

  String user() {
    return user;
  }

  /// How it stands now.
  public synchronized JobState state() {
    return state;
  }

  /// Waits for news.
  ///
  /// @param version of the state that is known
  /// @return the state, the known one when `longest` has passed without a change
  public synchronized JobState after(long version, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    long left = longest.toMillis();
    while (state.version() == version && !state.over() && left > 0) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
    return state;
  }

  void at(Object progress) {
    become(Phase.RUNNING, null, progress, null, null);
  }

  void done(Instant at, Object result) {
    become(Phase.DONE, at, state().progress(), result, null);
  }

  void failed(Instant at, String problem) {
    become(Phase.FAILED, at, state().progress(), null, problem);
  }

  private synchronized void become(
      Phase phase,
      @Nullable Instant ended,
      @Nullable Object progress,
      @Nullable Object result,
      @Nullable String problem) {
    if (state.over()) {
      return;
    }
    state =
        new JobState(
            state.id(),
            state.kind(),
            state.subject(),
            phase,
            state.started(),
            ended,
            progress,
            result,
            problem,
            state.version() + 1);
    notifyAll();
  }
}
