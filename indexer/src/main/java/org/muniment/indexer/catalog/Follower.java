package org.muniment.indexer.catalog;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that is done again whenever there is more of it: in a thread of its own, and in the thread
/// of anyone who cannot wait. One does it at a time.
///
/// Work that fails is tried again after [#RETRY]; [#failure()] says so until it has succeeded. Ends
/// by a flag, never by interrupt, which would close the files that the work reads.
public final class Follower implements AutoCloseable {

  /// Time between two tries of what failed.
  public static final Duration RETRY = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  /// Other processes write too and cannot signal.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// What to do.
  public interface Work {
    /// Does all there is, or less when [Follower#ending()].
    void run() throws IOException;
  }

  private final String name;
  private final Duration look;
  private final Work work;
  private final ReentrantLock working = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean signalled;
  private @Nullable Thread thread;
  private volatile boolean ending;
  private volatile @Nullable Exception failure;

  /// @param name of the thread, for people
  public Follower(String name, Work work) {
    this(name, LOOK, work);
  }

  /// @param name of the thread, for people
  /// @param look longest time until it looks for work that nobody signalled
  public Follower(String name, Duration look, Work work) {
    this.name = name;
    this.look = look;
    this.work = work;
  }

  /// Begins to work in a thread of its own.
  public void start() {
    lock.lock();
    try {
      if (thread == null && !ending) {
        thread = Thread.ofPlatform().name(name).daemon().start(this::loop);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Says that there may be more to do.
  public void signal() {
    lock.lock();
    try {
      signalled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Does the work here and now; waits while another thread does it.
  public void run() throws IOException {
    working.lock();
    try {
      work.run();
      failure = null;
    } catch (IOException | RuntimeException e) {
      failure = e;
      throw e;
    } finally {
      working.unlock();
    }
  }

  /// Why the last try failed; empty when it did not.
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure);
  }

  /// Whether the work is asked to end at the next good moment.
  public boolean ending() {
    return ending;
  }

  /// Asks the work to end and waits until it has.
  @Override
  public void close() {
    ending = true;
    signal();
    Thread running = thread;
    if (running != null) {
      joinUninterruptibly(running);
    }
    working.lock();
    try {
      LOG.debug("{}: ended", name);
    } finally {
      working.unlock();
    }
  }

  private void loop() {
    while (!ending) {
      Duration pause = look;
      try {
        run();
      } catch (IOException | RuntimeException e) {
        LOG.error("{}: stopped, next try in {} s", name, RETRY.toSeconds(), e);
        pause = RETRY;
      }
      await(pause);
    }
  }

  private void await(Duration pause) {
    lock.lock();
    try {
      long nanos = pause.toNanos();
      while (!ending && nanos > 0 && (!signalled || failure != null)) {
        nanos = changed.awaitNanos(nanos);
      }
      signalled = false;
    } catch (InterruptedException e) {
      ending = true;
    } finally {
      lock.unlock();
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join(TimeUnit.MINUTES.toMillis(1));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
