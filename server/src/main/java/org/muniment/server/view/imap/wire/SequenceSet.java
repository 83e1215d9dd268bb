package org.muniment.server.view.imap.wire;

import java.util.ArrayList;
import java.util.List;

/// Sequence numbers or UIDs as a client writes them (RFC 9051 section 9, sequence-set).
///
/// @param ranges in the order written; none in [#SAVED]
public record SequenceSet(List<Range> ranges) {

  /// Stands for `$`, what a search has saved (RFC 9051 section 6.4.4.1).
  public static final SequenceSet SAVED = new SequenceSet(List.of());

  /// The largest number there is, 2^32 - 1.
  public static final long MAX = 0xFFFF_FFFFL;

  /// Stands for `*`, the largest number in use.
  public static final long LAST = Long.MAX_VALUE;

  static final int MAX_RANGES = 20_000;

  public SequenceSet {
    ranges = List.copyOf(ranges);
  }

  /// Whether this is `$`.
  public boolean isSaved() {
    return ranges.isEmpty();
  }

  /// Numbers between two, both included, in either order.
  public record Range(long first, long last) {

    /// The smaller bound, where `*` is `max`.
    public long low(long max) {
      return Math.min(star(first, max), star(last, max));
    }

    /// The larger bound, where `*` is `max`.
    public long high(long max) {
      return Math.max(star(first, max), star(last, max));
    }

    private static long star(long number, long max) {
      return number == LAST ? max : number;
    }
  }

  static final class Builder {
    private final List<Range> ranges = new ArrayList<>();

    void add(long first, long last) {
      ranges.add(new Range(first, last));
    }

    boolean isFull() {
      return ranges.size() == MAX_RANGES;
    }

    SequenceSet build() {
      return new SequenceSet(ranges);
    }
  }
}
