package org.muniment.indexer.index;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// How often something happened in the last minute. Safe for use by many threads.
final class Rate {

  private static final int SECONDS = 60;

  private final int[] counts = new int[SECONDS];
  private final long began = now();
  private long second = began;

  private static long now() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
  }

  /// It happens.
  synchronized void count() {
    advance();
    counts[slot(second)]++;
  }

  /// Times a second, of the last minute or of the shorter time that this has counted.
  synchronized double perSecond() {
    advance();
    long seconds = Math.clamp(second - began, 1, SECONDS);
    return (double) Arrays.stream(counts).sum() / seconds;
  }

  private void advance() {
    long now = now();
    if (now - second >= SECONDS) {
      Arrays.fill(counts, 0);
      second = now;
    }
    while (second < now) {
      counts[slot(++second)] = 0;
    }
  }

  private static int slot(long second) {
    return Math.floorMod(second, SECONDS);
  }
}
