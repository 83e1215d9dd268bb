package org.muniment.server.publication;

import java.io.Closeable;
import java.io.IOException;
import org.muniment.server.schedule.CronSchedule;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes what is due at the start, and when a cron expression says so.
public final class PublicationSchedule implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(PublicationSchedule.class);
  private static final String JOB = "publication";

  private final CronSchedule schedule;

  /// @param cron a cron expression of Quartz
  /// @throws SchedulerException when the scheduler cannot be made
  public PublicationSchedule(Publication publication, String cron) throws SchedulerException {
    schedule = new CronSchedule(JOB, 1);
    schedule.add(JOB, cron, () -> publish(publication));
  }

  private static void publish(Publication publication) {
    try {
      publication.publishDue().forEach(PublicationSchedule::log);
    } catch (IOException e) {
      LOG.error("no checkpoint was published: {}", e.getMessage(), e);
    }
  }

  private static void log(Delivery delivery) {
    if (delivery.outside()) {
      LOG.info("checkpoint: {}", delivery.words());
    } else {
      LOG.warn("checkpoint: {}", delivery.words());
    }
  }

  /// Begins.
  public void start() throws SchedulerException {
    schedule.runNow(JOB);
    schedule.start();
  }

  /// Starts nothing more. What is being sent is ended by closing the [Publication].
  @Override
  public void close() {
    schedule.close();
  }
}
