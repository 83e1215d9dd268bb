package org.muniment.server.view.imap.search;

import java.util.concurrent.Semaphore;

/// How much memory sorting and threading may take: each a bounded number of octets, a few at a time
/// in the whole process.
final class Allowance implements AutoCloseable {

  /// Octets, roughly, that one command keeps of messages: the texts of some 300,000 messages.
  static final long MAX_OCTETS = 64 << 20;

  private static final Semaphore FREE = new Semaphore(2, /* fair= */ true);

  private long left = MAX_OCTETS;

  private Allowance() {}

  /// Waits until few others sort.
  static Allowance take() {
    FREE.acquireUninterruptibly();
    return new Allowance();
  }

  /// Counts what is kept.
  ///
  /// @return false when that is too much
  boolean hasRoom(long octets) {
    left -= octets;
    return left >= 0;
  }

  @Override
  public void close() {
    FREE.release();
  }
}
