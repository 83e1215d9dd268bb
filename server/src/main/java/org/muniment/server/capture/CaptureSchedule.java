package org.muniment.server.capture;

import java.io.Closeable;
import java.util.Collection;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.AccountConfig;
import org.quartz.CronScheduleBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the capture of each account when its cron expression says so. Times missed, because the
/// program or the machine stood still or the run before took longer, are made up for by one run.
public final class CaptureSchedule implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureSchedule.class);

  private final Scheduler scheduler;

  /// @throws IllegalArgumentException when a schedule is not a cron expression of Quartz
  /// @throws SchedulerException when the scheduler cannot be made
  public CaptureSchedule(CaptureService service, Collection<AccountConfig> accounts)
      throws SchedulerException {
    scheduler = new StdSchedulerFactory(properties(accounts.size())).getScheduler();
    scheduler.setJobFactory((bundle, of) -> new CaptureJob(service));
    for (AccountConfig account : accounts) {
      schedule(account);
    }
  }

  private static Properties properties(int accounts) {
    Properties properties = new Properties();
    // A name of its own, or the factory would hand out another's scheduler.
    properties.put(StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, "capture-" + UUID.randomUUID());
    properties.put("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    properties.put("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.put(
        "org.quartz.threadPool.threadCount",
        Integer.toString(Math.clamp(accounts, 1, CaptureService.PARALLEL)));
    properties.put("org.quartz.threadPool.makeThreadsDaemons", "true");
    properties.put("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    return properties;
  }

  private void schedule(AccountConfig account) throws SchedulerException {
    JobDetail job =
        JobBuilder.newJob(CaptureJob.class).withIdentity(account.name().value()).build();
    scheduler.scheduleJob(
        job,
        TriggerBuilder.newTrigger()
            .withIdentity(account.name().value())
            .withSchedule(cron(account))
            .build());
  }

  private static CronScheduleBuilder cron(AccountConfig account) {
    try {
      return CronScheduleBuilder.cronSchedule(account.schedule())
          .withMisfireHandlingInstructionFireAndProceed();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "schedule of account " + account.name() + ": " + e.getMessage(), e);
    }
  }

  /// Begins to run accounts at their times.
  public void start() throws SchedulerException {
    scheduler.start();
  }

  /// Starts nothing more. Runs that go on are ended by closing the [CaptureService].
  @Override
  public void close() {
    try {
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      LOG.warn("the schedule did not end cleanly", e);
    }
  }

  /// Captures the account that the job is named after.
  @DisallowConcurrentExecution
  static final class CaptureJob implements Job {
    private final CaptureService service;

    CaptureJob(CaptureService service) {
      this.service = service;
    }

    @Override
    public void execute(JobExecutionContext context) {
      AccountName account = new AccountName(context.getJobDetail().getKey().getName());
      for (CaptureOutcome outcome : service.run(Set.of(account), CaptureProgress.NONE)) {
        log(outcome);
      }
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
  }
}
