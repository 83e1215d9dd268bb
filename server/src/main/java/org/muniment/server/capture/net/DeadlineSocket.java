package org.muniment.server.capture.net;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// A socket on which reading ends with a [SocketTimeoutException] once a deadline has passed, also
/// when the peer sends an octet now and then. TLS may be laid over it.
public final class DeadlineSocket extends Socket {

  private final Duration patience;
  private volatile long deadline;
  private volatile long silence;

  /// @param patience how long to wait for the next octet
  /// @param first the first deadline, from now
  public DeadlineSocket(Duration patience, Duration first) {
    this.patience = patience;
    allow(first);
  }

  /// Sets the deadline.
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
    deadline = System.nanoTime() + time.toNanos();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        wind();
        return in.read();
      }

      @Override
      public int read(byte[] octets, int offset, int length) throws IOException {
        wind();
        return in.read(octets, offset, length);
      }
    };
  }

  private void wind() throws IOException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("the answer was not complete in time");
    }
    setSoTimeout((int) Math.min(left, silence));
  }
}
