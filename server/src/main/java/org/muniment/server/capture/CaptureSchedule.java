package org.muniment.server.capture;

import java.io.Closeable;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.schedule.CronSchedule;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the capture of each account when its cron expression says so, and when a pause of the
/// account is over, however far away the next time of the expression is.
public final class CaptureSchedule implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureSchedule.class);

  private final CaptureService service;
  private final CronSchedule schedule;

  /// @throws IllegalArgumentException when a schedule is not a cron expression of Quartz
  /// @throws SchedulerException when the scheduler cannot be made
  public CaptureSchedule(CaptureService service, Collection<AccountConfig> accounts)
      throws SchedulerException {
    this.service = service;
    // To request a run takes no time; the runs have threads of their own.
    schedule = new CronSchedule("capture", 1);
    for (AccountConfig account : accounts) {
      schedule.add(account.name().value(), account.schedule(), () -> request(account.name()));
    }
  }

  /// Begins to run accounts at their times; also those whose pause a restart fell into.
  public void start() throws SchedulerException {
    service.onHold(this::resume);
    service.restarted();
    for (CaptureService.Status status : service.lastRuns()) {
      Pause pause = status.standing().pause();
      if (pause != null) {
        schedule.runAt(status.account().value(), pause.until());
      }
    }
    schedule.start();
  }

  private void request(AccountName account) {
    CompletableFuture<CaptureOutcome> _ = service.request(account);
  }

  private void resume(AccountName account, Instant at) {
    try {
      schedule.runAt(account.value(), at);
    } catch (SchedulerException e) {
      LOG.warn("{} is captured at its next time only: {}", account, e.toString());
    }
  }

  /// When an account is captured next; empty when it is not.
  public Optional<Instant> next(AccountName account) {
    try {
      return schedule.next(account.value());
    } catch (SchedulerException e) {
      return Optional.empty();
    }
  }

  /// Starts nothing more. Runs that go on are ended by closing the [CaptureService].
  @Override
  public void close() {
    service.onHold((account, until) -> {});
    schedule.close();
  }
}
