package org.muniment.server.job;

import java.io.Closeable;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The jobs of this process: those that run, and for some hours those that ran. Never two of a kind
/// with one subject at a time. Safe for use by many threads.
public final class Jobs implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  /// Jobs that run at the same time.
  static final int MOST_RUNNING = 32;

  /// Jobs that are remembered; the oldest that are over are forgotten first.
  static final int MOST_KEPT = 200;

  /// How long one that is over is remembered.
  static final Duration KEPT = Duration.ofHours(6);

  private static final String ENDING = "the server ended; what it had done until then stays";

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public Jobs(InstantSource clock) {
    this.clock = clock;
  }

  /// What a job does.
  @FunctionalInterface
  public interface Work {
    /// @param progress takes how far it is; what it is given is shown to who asked for the job
    /// @return the result
    /// @throws JobException when it could not be done
    Object run(Consumer<Object> progress) throws JobException;
  }

  /// Starts a job. When the same user has one of that kind and subject running, that one is the
  /// answer.
  ///
  /// @throws BusyException when another user has one running, or too many jobs run
  public Job start(String kind, String subject, String user, Work work) throws BusyException {
    Job job;
    synchronized (jobs) {
      Optional<Job> same = running(kind, subject);
      if (same.isPresent()) {
        return same.filter(other -> other.user().equals(user))
            .orElseThrow(() -> new BusyException("Somebody else has the same running: wait."));
      }
      forget();
      if (jobs.values().stream().filter(other -> !other.state().over()).count() >= MOST_RUNNING) {
        throw new BusyException("Too many jobs run: wait until some are done.");
      }
      job = new Job(id(), kind, subject, user, clock.instant());
      jobs.put(job.state().id(), job);
    }
    try {
      threads.execute(() -> run(job, work));
    } catch (RejectedExecutionException closed) {
      job.failed(clock.instant(), ENDING);
    }
    return job;
  }

  private Optional<Job> running(String kind, String subject) {
    return jobs.values().stream()
        .filter(
            job -> {
              JobState state = job.state();
              return !state.over() && state.kind().equals(kind) && state.subject().equals(subject);
            })
        .findFirst();
  }

  private void forget() {
    Instant oldest = clock.instant().minus(KEPT);
    jobs.values()
        .removeIf(
            job -> {
              Instant ended = job.state().ended();
              return ended != null && ended.isBefore(oldest);
            });
    while (jobs.size() >= MOST_KEPT) {
      Optional<Job> over = jobs.values().stream().filter(job -> job.state().over()).findFirst();
      if (over.isEmpty()) {
        return;
      }
      jobs.remove(over.get().state().id());
    }
  }

  private String id() {
    byte[] octets = new byte[16];
    random.nextBytes(octets);
    return HexFormat.of().formatHex(octets);
  }

  private void run(Job job, Work work) {
    try {
      Object result = work.run(job::at);
      job.done(clock.instant(), result);
    } catch (JobException e) {
      job.failed(clock.instant(), String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      LOG.error("the job {} of {} failed", job.state().kind(), job.state().subject(), e);
      job.failed(clock.instant(), "an error of this program; its log has the details");
    }
  }

  /// A job of a user; empty when it is not theirs, or is not remembered.
  public Optional<Job> find(String id, String user) {
    synchronized (jobs) {
      forget();
      return Optional.ofNullable(jobs.get(id)).filter(job -> job.user().equals(user));
    }
  }

  /// Starts nothing more, and lets nobody wait any longer. What runs is ended by closing what it
  /// works with.
  @Override
  public void close() {
    threads.shutdown();
    synchronized (jobs) {
      jobs.values().forEach(job -> job.failed(clock.instant(), ENDING));
    }
  }

  /// Nothing more is started for now.
  public static final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    public BusyException(String message) {
      super(message);
    }
  }

  /// Something could not be done; the message is for who asked for it.
  public static final class JobException extends Exception {
    private static final long serialVersionUID = 1L;

    public JobException(String message) {
      super(message);
    }
  }
}
