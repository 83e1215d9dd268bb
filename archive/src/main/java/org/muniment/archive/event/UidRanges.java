package org.muniment.archive.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongConsumer;

/// A set of UIDs, kept as ranges: its size in memory goes with its gaps, not with its messages.
/// Immutable.
public final class UidRanges {

  /// No UID.
  public static final UidRanges EMPTY = new UidRanges(new long[0], 0);

  /// `first, last` of each range, ascending, neither overlapping nor touching.
  private final long[] bounds;

  private final long size;

  private UidRanges(long[] bounds, long size) {
    this.bounds = bounds;
    this.size = size;
  }

  /// The set of one UID.
  public static UidRanges of(Uid uid) {
    return new UidRanges(new long[] {uid.value(), uid.value()}, 1);
  }

  /// Reads a sequence-set of RFC 9051 section 9, without `*`.
  ///
  /// @param most ranges that are taken
  /// @throws IllegalArgumentException when it is anything else, or has more
  public static UidRanges parse(String sequenceSet, int most) {
    Builder uids = new Builder();
    int at = 0;
    while (at <= sequenceSet.length()) {
      int comma = sequenceSet.indexOf(',', at);
      int end = comma < 0 ? sequenceSet.length() : comma;
      uids.add(sequenceSet.substring(at, end));
      if (uids.ranges() > most) {
        throw new IllegalArgumentException("more than " + most + " ranges of UIDs");
      }
      at = end + 1;
    }
    return uids.build();
  }

  /// Number of UIDs.
  public long size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public boolean contains(Uid uid) {
    int low = 0;
    int high = bounds.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (uid.value() < bounds[2 * middle]) {
        high = middle - 1;
      } else if (uid.value() > bounds[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /// Those of this set that are not in `other`.
  public UidRanges minus(UidRanges other) {
    Builder rest = new Builder();
    int next = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      long from = bounds[i];
      long last = bounds[i + 1];
      while (next < other.bounds.length && other.bounds[next + 1] < from) {
        next += 2;
      }
      for (int j = next; j < other.bounds.length && other.bounds[j] <= last; j += 2) {
        rest.add(from, other.bounds[j] - 1);
        from = other.bounds[j + 1] + 1;
      }
      rest.add(from, last);
    }
    return rest.build();
  }

  /// Those of either set.
  public UidRanges or(UidRanges other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    long[] more = other.minus(this).bounds;
    Builder all = new Builder();
    int next = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      for (; next < more.length && more[next] < bounds[i]; next += 2) {
        all.add(more[next], more[next + 1]);
      }
      all.add(bounds[i], bounds[i + 1]);
    }
    for (; next < more.length; next += 2) {
      all.add(more[next], more[next + 1]);
    }
    return all.build();
  }

  /// Those of this set that are in `other`, too.
  public UidRanges and(UidRanges other) {
    return minus(minus(other));
  }

  /// The lowest UID.
  ///
  /// @throws NoSuchElementException when the set is empty
  public Uid first() {
    return new Uid(bound(0));
  }

  /// The highest UID.
  ///
  /// @throws NoSuchElementException when the set is empty
  public Uid last() {
    return new Uid(bound(bounds.length - 1));
  }

  private long bound(int index) {
    if (isEmpty()) {
      throw new NoSuchElementException("no UID");
    }
    return bounds[index];
  }

  /// These in ascending groups: each of `single` that is among them by itself, and what lies
  /// between two of them together.
  public List<UidRanges> around(UidRanges single) {
    List<UidRanges> groups = new ArrayList<>();
    UidRanges rest = this;
    for (UidRanges one : and(single).chunks(1)) {
      long uid = one.bounds[0];
      UidRanges after = new Builder().add(uid, Uid.MAX).build();
      groups.add(rest.minus(after));
      groups.add(one);
      rest = rest.minus(new Builder().add(1, uid).build());
    }
    groups.add(rest);
    groups.removeIf(UidRanges::isEmpty);
    return groups;
  }

  /// Cuts the set, in ascending order, into sets of at most `limit` UIDs, each made when it is
  /// asked for: a server may list four thousand million of them in one word.
  public Iterable<UidRanges> chunks(int limit) {
    return () -> new Chunks(limit);
  }

  private final class Chunks implements Iterator<UidRanges> {
    private final int limit;
    private int at;
    private long from = bounds.length == 0 ? 0 : bounds[0];

    Chunks(int limit) {
      this.limit = limit;
    }

    @Override
    public boolean hasNext() {
      return at < bounds.length;
    }

    @Override
    public UidRanges next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Builder chunk = new Builder();
      long room = limit;
      while (room > 0 && hasNext()) {
        long last = Math.min(bounds[at + 1], from + room - 1);
        chunk.add(from, last);
        room -= last - from + 1;
        from = last + 1;
        if (from > bounds[at + 1]) {
          at += 2;
          from = hasNext() ? bounds[at] : 0;
        }
      }
      return chunk.build();
    }
  }

  /// The ranges, ascending, neither overlapping nor touching.
  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>(bounds.length / 2);
    for (int i = 0; i < bounds.length; i += 2) {
      ranges.add(new Range(bounds[i], bounds[i + 1]));
    }
    return ranges;
  }

  /// The UIDs from `first` to `last`, both included.
  public record Range(long first, long last) {}

  /// Shows each UID to `action`, in ascending order.
  public void forEach(LongConsumer action) {
    for (int i = 0; i < bounds.length; i += 2) {
      for (long uid = bounds[i]; uid <= bounds[i + 1]; uid++) {
        action.accept(uid);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UidRanges set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /// A sequence-set of RFC 9051 section 9, without `*`; empty for the empty set.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bounds.length; i += 2) {
      text.append(i == 0 ? "" : ",").append(bounds[i]);
      if (bounds[i + 1] > bounds[i]) {
        text.append(':').append(bounds[i + 1]);
      }
    }
    return text.toString();
  }

  /// Collects UIDs in any order, the same one also twice. Ascending ones are joined as they come.
  public static final class Builder implements LongConsumer {
    private long[] bounds = new long[16];
    private int length;

    /// Adds one UID.
    @Override
    public void accept(long uid) {
      add(uid, uid);
    }

    /// Adds the UIDs from `first` to `last`, both included; none when `last` is below `first`.
    public Builder add(long first, long last) {
      if (last < first) {
        return this;
      }
      if (length > 0 && first == bounds[length - 1] + 1) {
        bounds[length - 1] = last;
        return this;
      }
      if (length == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * length);
      }
      bounds[length++] = first;
      bounds[length++] = last;
      return this;
    }

    private void add(String range) {
      int colon = range.indexOf(':');
      long first = uid(colon < 0 ? range : range.substring(0, colon));
      long last = colon < 0 ? first : uid(range.substring(colon + 1));
      add(Math.min(first, last), Math.max(first, last));
    }

    private static long uid(String number) {
      return new Uid(Long.parseLong(number)).value();
    }

    /// Ranges collected, before they are joined; what is in memory goes with it.
    public int ranges() {
      return length / 2;
    }

    public UidRanges build() {
      long[] merged = ascending() ? Arrays.copyOf(bounds, length) : merge();
      long size = 0;
      for (int i = 0; i < merged.length; i += 2) {
        size += merged[i + 1] - merged[i] + 1;
      }
      return new UidRanges(merged, size);
    }

    private boolean ascending() {
      for (int i = 2; i < length; i += 2) {
        if (bounds[i] <= bounds[i - 1] + 1) {
          return false;
        }
      }
      return true;
    }

    private long[] merge() {
      long[][] ranges = new long[length / 2][];
      for (int i = 0; i < length; i += 2) {
        ranges[i / 2] = new long[] {bounds[i], bounds[i + 1]};
      }
      Arrays.sort(ranges, (a, b) -> Long.compare(a[0], b[0]));
      long[] merged = new long[length];
      int end = 0;
      for (long[] range : ranges) {
        if (end > 0 && range[0] <= merged[end - 1] + 1) {
          merged[end - 1] = Math.max(merged[end - 1], range[1]);
        } else {
          merged[end++] = range[0];
          merged[end++] = range[1];
        }
      }
      return Arrays.copyOf(merged, end);
    }
  }
}
