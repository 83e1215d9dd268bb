package org.muniment.server.capture.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What comes in over the connections of one run, below TLS: counted, held to a rate, and cut when
/// it has to be. Safe for use by many threads.
public final class Traffic {

  /// Octets that may come at once before the rate is held to: some time's worth.
  private static final Duration BURST = Duration.ofMillis(100);

  private static final int LEAST_READ = 512;

  private final long rate;
  private final AtomicLong octets = new AtomicLong();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String cut;

  /// When what has come so far would have come at the rate.
  private long due = System.nanoTime();

  /// @param rate octets per second, 0 for as many as come
  public Traffic(long rate) {
    this.rate = rate;
  }

  /// Octets so far.
  public long octets() {
    return octets.get();
  }

  /// Ends every connection, and each that is begun later.
  ///
  /// @param reason what reading from them then fails with
  public void cut(String reason) {
    cut = reason;
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone already
      }
    }
  }

  void opened(Socket socket) throws IOException {
    open.add(socket);
    String reason = cut;
    if (reason != null) {
      socket.close();
      throw new IOException(reason);
    }
  }

  void closed(Socket socket) {
    open.remove(socket);
  }

  /// What went wrong with a connection, which is that it was cut where it was.
  IOException reason(IOException e) {
    String reason = cut;
    return reason == null ? e : new IOException(reason, e);
  }

  /// How many of `length` octets to ask for at once, so that no pause is long.
  int most(int length) {
    return rate == 0 ? length : Math.clamp(rate / 10, Math.min(length, LEAST_READ), length);
  }

  /// Counts octets that have come, and waits until the rate lets more come.
  ///
  /// @return nanoseconds waited
  long took(long count) throws IOException {
    octets.addAndGet(count);
    long pause = rate == 0 ? 0 : pause(count);
    if (pause > 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    return Math.max(pause, 0);
  }

  private synchronized long pause(long count) {
    long now = System.nanoTime();
    long earliest = now - BURST.toNanos();
    due = (due - earliest < 0 ? earliest : due) + (long) (count * 1e9 / rate);
    return due - now;
  }
}
