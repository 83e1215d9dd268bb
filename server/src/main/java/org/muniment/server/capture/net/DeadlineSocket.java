package org.muniment.server.capture.net;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A socket on which reading ends with a [SocketTimeoutException] once a deadline has passed, also
/// when the peer sends an octet now and then, and writing when the peer takes nothing for long; and
/// that keeps to the rate of its [Traffic]. TLS may be laid over it.
public final class DeadlineSocket extends Socket {

  private static final int READ_AHEAD = 64 << 10;

  /// Octets of a read that is not worth waking up for, and how many such in a row make a stream.
  private static final int LITTLE = 16 << 10;

  private static final int STREAM = 4;

  /// Time in which a peer that sends in little pieces sends several. A server that encrypts record
  /// by record is on the same processors as often as not, and gets them meanwhile.
  private static final Duration GATHER = Duration.ofNanos(200_000);

  /// Octets that the peer has to take before its patience ends.
  private static final int MOST_WRITTEN = 64 << 10;

  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private final Duration patience;
  private final Traffic traffic;
  private final AtomicLong deadline = new AtomicLong();
  private volatile long silence;

  /// Reads of little since something was written.
  private volatile int little;

  private @Nullable InputStream in;

  /// One whose rate nobody limits.
  public DeadlineSocket(Duration patience, Duration first) {
    this(patience, first, new Traffic(0));
  }

  /// @param patience how long to wait for the next octet
  /// @param first the first deadline, from now
  public DeadlineSocket(Duration patience, Duration first, Traffic traffic) {
    this.patience = patience;
    this.traffic = traffic;
    allow(first);
  }

  /// Sets the deadline. What the rate makes wait does not count.
  ///
  /// @param time from now
  public final void allow(Duration time) {
    allow(time, patience);
  }

  /// Sets the deadline, for a peer that may say nothing for long.
  ///
  /// @param time from now
  /// @param longest how long to wait for the next octet, until the deadline is set again
  public final void allow(Duration time, Duration longest) {
    silence = longest.toMillis();
    deadline.set(System.nanoTime() + time.toNanos());
  }

  @Override
  public void connect(SocketAddress address, int milliseconds) throws IOException {
    super.connect(address, milliseconds);
    // What is written was gathered before: RFC 9293 section 3.7.4 would have it wait for more.
    setTcpNoDelay(true);
    traffic.opened(this);
  }

  @Override
  public void close() throws IOException {
    super.close();
    traffic.closed(this);
  }

  /// The same stream each time: it reads ahead, because TLS reads the header of each record (RFC
  /// 8446 section 5.1) by itself.
  @Override
  public synchronized InputStream getInputStream() throws IOException {
    if (in == null) {
      in = new BufferedInputStream(timed(super.getInputStream()), READ_AHEAD);
    }
    return in;
  }

  private InputStream timed(InputStream octetsOfPeer) {
    return new FilterInputStream(octetsOfPeer) {
      @Override
      public int read() throws IOException {
        byte[] octet = new byte[1];
        return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xFF;
      }

      @Override
      public int read(byte[] octets, int offset, int length) throws IOException {
        wind();
        if (little >= STREAM) {
          LockSupport.parkNanos(GATHER.toNanos());
        }
        int count;
        try {
          count = in.read(octets, offset, traffic.most(length));
        } catch (SocketTimeoutException e) {
          throw e;
        } catch (IOException e) {
          throw traffic.reason(e);
        }
        little = count < LITTLE ? little + 1 : 0;
        if (count > 0) {
          deadline.addAndGet(traffic.took(count));
        }
        return count;
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(super.getOutputStream()) {
      @Override
      public void write(byte[] octets, int offset, int length) throws IOException {
        little = 0;
        for (int at = 0; at < length; at += MOST_WRITTEN) {
          writeInTime(out, octets, offset + at, Math.min(MOST_WRITTEN, length - at));
        }
      }
    };
  }

  /// A blocked write ends when the socket is closed, and by nothing else.
  private void writeInTime(OutputStream out, byte[] octets, int offset, int length)
      throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    Future<?> end = WATCH.schedule(() -> giveUp(late), patience.toMillis(), TimeUnit.MILLISECONDS);
    try {
      out.write(octets, offset, length);
    } catch (IOException e) {
      throw late.get()
          ? new SocketTimeoutException(
              "the server has taken nothing for " + patience.toSeconds() + " s")
          : traffic.reason(e);
    } finally {
      end.cancel(false);
    }
  }

  private void giveUp(AtomicBoolean late) {
    late.set(true);
    try {
      close();
    } catch (IOException e) {
      // it is gone already
    }
  }

  private static ScheduledThreadPoolExecutor watch() {
    ScheduledThreadPoolExecutor watch =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("write-deadline").factory());
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }

  private void wind() throws IOException {
    long left = (deadline.get() - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("the answer was not complete in time");
    }
    setSoTimeout((int) Math.min(left, silence));
  }
}
