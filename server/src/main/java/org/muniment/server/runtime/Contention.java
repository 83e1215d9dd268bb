package org.muniment.server.runtime;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Whether mail is being archived while the processors are busy: what follows the archive then
/// stands back, so that mail is safe sooner than it is found. Safe for use by many threads.
final class Contention implements BooleanSupplier {

  /// Mail is being archived for so long after a commit.
  private static final Duration WRITING = Duration.ofSeconds(1);

  /// The processors are busy from this share on.
  private static final double BUSY = 0.8;

  private static final Duration LOOK = Duration.ofMillis(200);

  /// What the last look counts for: a moment in which everybody waits for the disk is no rest.
  private static final double WEIGHT = 0.2;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private volatile long committed = System.nanoTime() - WRITING.toNanos();

  /// Guarded by this, as is the next.
  private long looked = System.nanoTime();

  private double load = BUSY;

  /// Something was committed.
  void committed() {
    committed = System.nanoTime();
  }

  @Override
  public boolean getAsBoolean() {
    return System.nanoTime() - committed < WRITING.toNanos() && load() >= BUSY;
  }

  /// The share of all processors, of this machine or of the part of it that this process may use,
  /// that was in use of late.
  private synchronized double load() {
    long now = System.nanoTime();
    if (now - looked >= LOOK.toNanos()) {
      looked = now;
      load += WEIGHT * (system.getCpuLoad() - load);
    }
    return load;
  }
}
