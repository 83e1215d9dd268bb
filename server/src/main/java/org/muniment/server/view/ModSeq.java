package org.muniment.server.view;

/// Mod-sequences (RFC 7162): 63 bits, the upper 39 the position in the log, the lower 24 for what
/// each user changes between two entries of it.
///
/// ```
/// MODSEQ of an entry = (leaf + 1) * 2^24
/// ```
public final class ModSeq {

  /// What a mailbox without messages has; zero is not allowed (RFC 7162 section 7).
  public static final long FIRST = 1;

  private static final int OWN_BITS = 24;

  private ModSeq() {}

  /// That of what an entry of the log did.
  ///
  /// @param leaf index of the entry, below 2^39 - 1
  public static long of(long leaf) {
    return before(leaf + 1);
  }

  /// The highest that any entry below a position has.
  ///
  /// @param position number of entries
  /// @throws IllegalArgumentException when there is no room for it
  public static long before(long position) {
    if (position >>> (Long.SIZE - 1 - OWN_BITS) != 0) {
      throw new IllegalArgumentException("no MODSEQ for position " + position);
    }
    return position << OWN_BITS;
  }

  /// The first leaf whose MODSEQ is above `modSeq`.
  public static long firstLeafAbove(long modSeq) {
    return modSeq >> OWN_BITS;
  }
}
