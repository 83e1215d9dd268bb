package org.muniment.server.schedule;

import java.io.Closeable;
import java.text.ParseException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts jobs when their cron expressions say so; a job is never started while it runs. Times
/// missed, because the program or the machine stood still or the run before took longer, are made
/// up for by one run.
public final class CronSchedule implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(CronSchedule.class);

  /// The group of triggers that fire once.
  private static final String ONCE = "once";

  private final Scheduler scheduler;
  private final Map<JobKey, Runnable> jobs = new ConcurrentHashMap<>();

  /// @param name of the threads
  /// @param threads jobs that run at the same time, at least 1
  /// @throws SchedulerException when the scheduler cannot be made
  public CronSchedule(String name, int threads) throws SchedulerException {
    scheduler = new StdSchedulerFactory(properties(name, threads)).getScheduler();
    scheduler.setJobFactory(
        (bundle, of) ->
            new NamedJob(Objects.requireNonNull(jobs.get(bundle.getJobDetail().getKey()))));
  }

  private static Properties properties(String name, int threads) {
    Properties properties = new Properties();
    // A name of its own, or the factory would hand out another's scheduler.
    properties.put(StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, name + "-" + UUID.randomUUID());
    properties.put("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    properties.put("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.put("org.quartz.threadPool.threadCount", Integer.toString(threads));
    properties.put("org.quartz.threadPool.makeThreadsDaemons", "true");
    properties.put("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    return properties;
  }

  /// Adds a job.
  ///
  /// @param name unlike that of any other
  /// @throws IllegalArgumentException when `cron` is not a cron expression of Quartz
  public void add(String name, String cron, Runnable job) throws SchedulerException {
    JobKey key = JobKey.jobKey(name);
    jobs.put(key, job);
    scheduler.scheduleJob(
        JobBuilder.newJob(NamedJob.class).withIdentity(key).storeDurably().build(),
        TriggerBuilder.newTrigger().withIdentity(name).withSchedule(cron(name, cron)).build());
  }

  private static CronScheduleBuilder cron(String name, String cron) {
    try {
      return CronScheduleBuilder.cronSchedule(cron).withMisfireHandlingInstructionFireAndProceed();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("schedule of " + name + ": " + e.getMessage(), e);
    }
  }

  /// Begins to run jobs at their times.
  public void start() throws SchedulerException {
    scheduler.start();
  }

  /// Runs a job now, too, or as soon as the schedule has begun.
  public void runNow(String name) throws SchedulerException {
    scheduler.triggerJob(JobKey.jobKey(name));
  }

  /// Runs a job at some other time, too, in place of the one that this was last called with.
  ///
  /// @param at when it is over, at once
  public synchronized void runAt(String name, Instant at) throws SchedulerException {
    TriggerKey key = TriggerKey.triggerKey(name, ONCE);
    Trigger trigger =
        TriggerBuilder.newTrigger()
            .withIdentity(key)
            .forJob(JobKey.jobKey(name))
            .startAt(Date.from(at))
            .withSchedule(
                SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
            .build();
    scheduler.unscheduleJob(key);
    scheduler.scheduleJob(trigger);
  }

  /// When a job runs next; empty when it does not.
  public Optional<Instant> next(String name) throws SchedulerException {
    return scheduler.getTriggersOfJob(JobKey.jobKey(name)).stream()
        .map(Trigger::getNextFireTime)
        .filter(Objects::nonNull)
        .map(Date::toInstant)
        .min(Comparator.naturalOrder());
  }

  /// The first time after some moment; empty when there is none.
  ///
  /// @throws IllegalArgumentException when `cron` is not a cron expression of Quartz
  public static Optional<Instant> next(String cron, Instant after) {
    try {
      return Optional.ofNullable(new CronExpression(cron).getNextValidTimeAfter(Date.from(after)))
          .map(Date::toInstant);
    } catch (ParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// Starts nothing more. Jobs that run go on.
  @Override
  public void close() {
    try {
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      LOG.warn("the schedule did not end cleanly", e);
    }
  }

  /// One of the jobs.
  @DisallowConcurrentExecution
  static final class NamedJob implements Job {
    private final Runnable job;

    NamedJob(Runnable job) {
      this.job = job;
    }

    @Override
    public void execute(JobExecutionContext context) {
      job.run();
    }
  }
}
