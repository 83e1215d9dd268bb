package org.muniment.server.capture.idle;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.CaptureOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has one account captured when it is asked to: once for whatever was asked for meanwhile, never
/// twice within some seconds.
final class PromptedRuns implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(PromptedRuns.class);

  private final AccountName account;
  private final Watching.Runs runs;
  private final Pace pace;
  private final InstantSource clock;
  private final Semaphore asked = new Semaphore(0);

  PromptedRuns(AccountName account, Watching.Runs runs, Pace pace, InstantSource clock) {
    this.account = account;
    this.runs = runs;
    this.pace = pace;
    this.clock = clock;
  }

  /// There is something to capture. Returns at once.
  void ask() {
    asked.release();
  }

  @Override
  public void run() {
    int incomplete = 0;
    try {
      while (true) {
        asked.acquire();
        Thread.sleep(pace.settling());
        asked.drainPermits();
        incomplete = capture() ? 0 : incomplete + 1;
        Thread.sleep(pace.after(pace.between(), incomplete));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return whether the account is complete
  private boolean capture() {
    Instant begun = clock.instant();
    try {
      CaptureOutcome outcome = runs.run(account);
      if (outcome.started().isBefore(begun)) {
        // It was going on already, and may have passed by what there is to capture.
        ask();
      }
      LOG.debug("{}: captured after news, complete: {}", account, outcome.complete());
      return outcome.complete();
    } catch (RuntimeException e) {
      LOG.error("{}: capture after news failed", account, e);
      return false;
    }
  }
}
