package org.muniment.archive.event;

/// An IMAP unique identifier (RFC 9051 section 2.3.1.1): 1 to 4,294,967,295, never reused in its
/// mailbox generation.
public record Uid(long value) implements Comparable<Uid> {

  /// The largest UID there is, 2^32 - 1.
  public static final long MAX = 0xFFFF_FFFFL;

  /// @throws IllegalArgumentException when `value` is outside 1 to [#MAX]
  public Uid {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException("UID " + value + " is outside 1 to " + MAX);
    }
  }

  @Override
  public int compareTo(Uid other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
