package org.muniment.archive.verify;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.muniment.archive.store.ArchiveException;

/// Threads that read and hash, one for each processor. Who submits waits while all are busy, so
/// that what waits for them does not grow.
final class Workers implements AutoCloseable {

  private final ExecutorService threads;
  private final Semaphore room;

  Workers() {
    int processors = Runtime.getRuntime().availableProcessors();
    this.threads = Executors.newFixedThreadPool(processors);
    this.room = new Semaphore(2 * processors);
  }

  Future<Void> submit(Work work) {
    room.acquireUninterruptibly();
    Callable<Void> task =
        () -> {
          try {
            work.run();
          } finally {
            room.release();
          }
          return null;
        };
    return threads.submit(task);
  }

  /// Returns when the work is done, and throws what it threw.
  static void await(Future<?> work) throws ArchiveException {
    try {
      work.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case ArchiveException archive -> throw archive;
        case RuntimeException runtime -> throw runtime;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a verification was interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /// Something to do.
  interface Work {
    void run() throws ArchiveException;
  }
}
