package org.muniment.server.schedule;

import java.io.Closeable;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.quartz.CronScheduleBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts jobs when their cron expressions say so; a job is never started while it runs. Times
/// missed, because the program or the machine stood still or the run before took longer, are made
/// up for by one run.
public final class CronSchedule implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(CronSchedule.class);

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
        JobBuilder.newJob(NamedJob.class).withIdentity(key).build(),
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
