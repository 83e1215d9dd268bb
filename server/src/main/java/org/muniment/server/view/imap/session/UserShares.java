package org.muniment.server.view.imap.session;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What each user takes of a server: sessions, and octets per second that are sent to all of them
/// together. Safe for use by many threads.
public final class UserShares {

  /// So much may be sent at once to one who has been silent.
  private static final Duration BURST = Duration.ofSeconds(1);

  /// Mailboxes as they were that a user may have selected at once: each is held by itself.
  private static final int MAX_PAST = 5;

  private final int maxSessions;
  private final long octetsPerSecond;
  private final Map<String, Share> shares = new HashMap<>();

  /// @param maxSessions of one user, at least 1
  /// @param octetsPerSecond to one user, 0 for any number
  public UserShares(int maxSessions, long octetsPerSecond) {
    this.maxSessions = maxSessions;
    this.octetsPerSecond = octetsPerSecond;
  }

  /// A session begins.
  ///
  /// @return empty when the user has as many as there may be
  public Optional<Share> take(String user) {
    synchronized (shares) {
      Share share = shares.computeIfAbsent(user, Share::new);
      if (share.sessions == maxSessions) {
        return Optional.empty();
      }
      share.sessions++;
      return Optional.of(share);
    }
  }

  /// That of one user, for all their sessions.
  public final class Share {
    private final String user;

    // Guarded by the map, both.
    private int sessions;
    private int past;

    /// When all that was sent so far would have been sent at the rate, by [System#nanoTime()].
    private long sentBy = System.nanoTime();

    private Share(String user) {
      this.user = user;
    }

    /// Waits until so many octets may be sent.
    ///
    /// @throws InterruptedIOException when the thread is interrupted meanwhile
    public void pace(int octets) throws IOException {
      if (octetsPerSecond == 0) {
        return;
      }
      try {
        Thread.sleep(Duration.ofNanos(wait(octets)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting to send");
      }
    }

    private synchronized long wait(int octets) {
      long now = System.nanoTime();
      long from = Math.max(sentBy - now, -BURST.toNanos());
      long takes = Math.round(octets * 1e9 / octetsPerSecond);
      sentBy = now + from + takes;
      return Math.max(0, from);
    }

    /// A mailbox as it was is selected.
    ///
    /// @return false where too many are
    boolean openPast() {
      synchronized (shares) {
        if (past == MAX_PAST) {
          return false;
        }
        past++;
        return true;
      }
    }

    /// One is left again.
    void closePast() {
      synchronized (shares) {
        past--;
      }
    }

    /// A session ends.
    void giveBack() {
      synchronized (shares) {
        if (--sessions == 0) {
          shares.remove(user);
        }
      }
    }
  }
}
