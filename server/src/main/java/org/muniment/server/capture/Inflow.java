package org.muniment.server.capture;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.Arrival;
import org.muniment.archive.content.Octets;

/// Messages on their way into the archive: several are prepared at once, and those that came before
/// are put there, in the order in which they came and by a thread of its own, while more are
/// fetched. Takes messages from one thread.
///
/// The first step that fails ends it: nothing after it is done, and every later call throws what
/// that step threw.
final class Inflow implements Closeable {

  /// Octets of all messages on their way; each takes some times as much memory. One message may
  /// have more.
  static final long MOST = Math.clamp(Runtime.getRuntime().maxMemory() / 64, 4 << 20, 16 << 20);

  private final ArchiveWriter archive;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// Guarded by [#lock], as are all below. The first is being done.
  private final Deque<Step> steps = new ArrayDeque<>();

  private long octets;
  private boolean begun;
  private boolean working;
  private boolean closed;
  private @Nullable Throwable failure;

  Inflow(ArchiveWriter archive) {
    this.archive = archive;
  }

  /// Puts a message into the archive.
  interface Placing {
    void place(Arrival message) throws IOException;
  }

  /// Something that waits for its turn.
  private sealed interface Step {
    long weight();

    void run() throws IOException;

    /// Done or not.
    void end() throws IOException;
  }

  private record Coming(Arrival message, long weight, Placing placing) implements Step {
    @Override
    public void run() throws IOException {
      placing.place(message);
    }

    @Override
    public void end() throws IOException {
      try {
        message.join();
      } finally {
        message.octets().close();
      }
    }
  }

  private record Then(Runnable action) implements Step {
    @Override
    public long weight() {
      return 0;
    }

    @Override
    public void run() {
      action.run();
    }

    @Override
    public void end() {}
  }

  /// Begins with a message. Waits until there is room for it.
  ///
  /// @param message closed when it was placed, or is not going to be
  void add(Octets message, Placing placing) throws IOException {
    long weight = Math.min(message.length(), MOST);
    Coming coming;
    try {
      awaitRoom(weight);
      coming = new Coming(archive.prepare(message), weight, placing);
    } catch (IOException | RuntimeException e) {
      message.close();
      throw e;
    }
    enqueue(coming);
  }

  /// Does something after the messages that were added before.
  void then(Runnable action) throws IOException {
    awaitRoom(0);
    enqueue(new Then(action));
  }

  /// Waits until everything added is done.
  void finish() throws IOException {
    awaitRoom(MOST + 1);
  }

  /// Waits until so many octets more are no more than the most, or nothing is on its way.
  private void awaitRoom(long weight) throws IOException {
    lock.lock();
    try {
      while (failure == null && !steps.isEmpty() && octets + weight > MOST) {
        changed.awaitUninterruptibly();
      }
      rethrow(failure);
    } finally {
      lock.unlock();
    }
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IOException(e);
    }
  }

  private void enqueue(Step step) {
    lock.lock();
    try {
      steps.add(step);
      octets += step.weight();
      if (!begun) {
        begun = true;
        Thread.ofPlatform().name("inflow").daemon().start(this::work);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (Step step = next(); step != null; step = next()) {
      try {
        try {
          step.run();
        } finally {
          step.end();
        }
        done(step, null);
      } catch (Throwable t) {
        done(step, t);
      }
    }
  }

  /// Waits for the next step; null when there will be none.
  private @Nullable Step next() {
    lock.lock();
    try {
      working = false;
      changed.signalAll();
      while (!closed && (failure != null || steps.isEmpty())) {
        changed.awaitUninterruptibly();
      }
      working = !closed;
      return working ? steps.getFirst() : null;
    } finally {
      lock.unlock();
    }
  }

  private void done(Step step, @Nullable Throwable why) {
    lock.lock();
    try {
      steps.removeFirst();
      octets -= step.weight();
      failure = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Gives up those that are not done, but for the one that is being done. Each of them is ended,
  /// whatever becomes of the others.
  ///
  /// @throws IOException what the first that could not be ended threw, with the others suppressed
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      while (working) {
        changed.awaitUninterruptibly();
      }
      rethrow(endAll());
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Throwable endAll() {
    Throwable first = null;
    while (!steps.isEmpty()) {
      try {
        steps.removeFirst().end();
      } catch (IOException | RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    return first;
  }
}
