package org.muniment.server.job;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has what is over deleted, at once and every ten minutes.
public final class Sweeping implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeping.class);
  private static final long BETWEEN_MINUTES = 10;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sweeping").factory());

  private Sweeping() {}

  /// Deletes what is over somewhere.
  public interface Sweep {
    void run() throws IOException;
  }

  /// Begins.
  public static Sweeping start(List<Sweep> sweeps) {
    Sweeping sweeping = new Sweeping();
    for (Sweep sweep : sweeps) {
      Future<?> _ =
          sweeping.executor.scheduleWithFixedDelay(
              () -> quietly(sweep), 0, BETWEEN_MINUTES, TimeUnit.MINUTES);
    }
    return sweeping;
  }

  private static void quietly(Sweep sweep) {
    try {
      sweep.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("what is over cannot be deleted", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
