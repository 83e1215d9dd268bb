package org.muniment.indexer.catalog;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work that is done again whenever there is more of it: in a thread of its own, and in the thread
/// of anyone who cannot wait. One does it at a time.
///
/// Work that fails, of whatever, is tried again after [#RETRY]; [#failure()] says so until it has
/// succeeded, also of an error of the virtual machine such as an exhausted heap. Ends by a flag,
/// never by interrupt, which would close the files that the work reads.
///
/// Work that can wait stands back for what cannot: see [#breathe].
public final class Follower implements AutoCloseable {

  /// Time between two tries of what failed.
  public static final Duration RETRY = Duration.ofSeconds(30);

  /// Work that stands back rests so many times as long as it worked.
  private static final int REST = 10;

  /// Work of less time than this is not worth a rest: a single message is followed at once.
  private static final Duration SPELL = Duration.ofMillis(20);

  private static final Duration LONGEST_REST = Duration.ofSeconds(2);

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

  /// Callers of [#run] who wait or work. Guarded by [#lock].
  private int callers;

  /// When the present spell of work began. Guarded by [#working].
  private long spell;

  private volatile BooleanSupplier standBack = () -> false;
  private volatile @Nullable Thread thread;
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

  /// Has the work stand back while this is so. Asked often, by the thread of its own.
  public void standBackWhile(BooleanSupplier busy) {
    standBack = busy;
  }

  /// Begins to work in a thread of its own.
  public void start() {
    lock.lock();
    try {
      if (thread == null && !ending) {
        Thread own = Thread.ofPlatform().name(name).daemon().unstarted(this::loop);
        // Before it runs: it asks whether it is this one.
        thread = own;
        own.start();
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

  /// Does the work here and now; waits while another thread does it, which then takes no rest.
  public void run() throws IOException {
    called(1);
    try {
      work();
    } finally {
      called(-1);
    }
  }

  private void called(int change) {
    lock.lock();
    try {
      callers += change;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() throws IOException {
    working.lock();
    try {
      spell = System.nanoTime();
      work.run();
      failure = null;
    } catch (IOException | RuntimeException e) {
      failure = e;
      throw e;
    } catch (Error e) {
      failure = new IllegalStateException(name + " was ended by " + e, e);
      throw e;
    } finally {
      working.unlock();
    }
  }

  /// Whether the work is to stand back: in the thread of its own, while nobody waits for it.
  public boolean isToStandBack() {
    return Thread.currentThread().equals(thread) && standBack.getAsBoolean() && !isCalled();
  }

  /// To be called by the work between its pieces. Rests a while when it has worked for one in the
  /// thread of its own, is to stand back, and nobody waits for it.
  public void breathe() {
    long worked = System.nanoTime() - spell;
    if (worked < SPELL.toNanos() || !Thread.currentThread().equals(thread)) {
      return;
    }
    if (standBack.getAsBoolean()) {
      rest(Math.min(REST * worked, LONGEST_REST.toNanos()));
    }
    spell = System.nanoTime();
  }

  /// To be called by the work before a piece that takes long: waits while it is to stand back and
  /// nobody waits for the work, at most so long. Only in the thread of its own.
  public void standAside(Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    while (!ending && System.nanoTime() < end && isToStandBack()) {
      rest(LOOK.toNanos());
    }
  }

  private boolean isCalled() {
    lock.lock();
    try {
      return callers > 0;
    } finally {
      lock.unlock();
    }
  }

  private void rest(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!ending && callers == 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      ending = true;
    } finally {
      lock.unlock();
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
        work();
      } catch (IOException | RuntimeException | Error e) {
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
