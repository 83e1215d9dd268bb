package org.muniment.archive.event;

/// The generation of a mailbox in which its UIDs hold (RFC 9051 section 2.3.1.1): 1 to
/// 4,294,967,295. Some servers send 0, which is kept as it came.
public record UidValidity(long value) {

  /// @throws IllegalArgumentException when `value` is outside 0 to 2^32 - 1
  public UidValidity {
    if (value < 0 || value > Uid.MAX) {
      throw new IllegalArgumentException("UIDVALIDITY " + value + " is outside 0 to " + Uid.MAX);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
