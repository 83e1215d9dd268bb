package org.muniment.server.capture;

import java.io.Closeable;
import java.util.Collection;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.schedule.CronSchedule;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the capture of each account when its cron expression says so.
public final class CaptureSchedule implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureSchedule.class);

  private final CronSchedule schedule;

  /// @throws IllegalArgumentException when a schedule is not a cron expression of Quartz
  /// @throws SchedulerException when the scheduler cannot be made
  public CaptureSchedule(CaptureService service, Collection<AccountConfig> accounts)
      throws SchedulerException {
    schedule = new CronSchedule("capture", Math.clamp(accounts.size(), 1, CaptureService.PARALLEL));
    for (AccountConfig account : accounts) {
      schedule.add(
          account.name().value(), account.schedule(), () -> capture(service, account.name()));
    }
  }

  private static void capture(CaptureService service, AccountName account) {
    service.run(Set.of(account), CaptureProgress.NONE).forEach(CaptureSchedule::log);
  }

  private static void log(CaptureOutcome outcome) {
    switch (outcome) {
      case CaptureOutcome.Finished finished when finished.complete() ->
          LOG.info("{}: complete, {} new", finished.account(), finished.messages());
      case CaptureOutcome.Finished finished ->
          LOG.warn(
              "{}: incomplete, {} new; {}",
              finished.account(),
              finished.messages(),
              CaptureReport.missing(finished.receipt()));
      case CaptureOutcome.Aborted aborted ->
          LOG.warn("{}: not captured: {}", aborted.account(), aborted.reason());
    }
  }

  /// Begins to run accounts at their times.
  public void start() throws SchedulerException {
    schedule.start();
  }

  /// Starts nothing more. Runs that go on are ended by closing the [CaptureService].
  @Override
  public void close() {
    schedule.close();
  }
}
