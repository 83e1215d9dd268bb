package org.muniment.indexer.catalog;

import java.util.Arrays;
import java.util.List;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;

/// UIDs in ascending order, each with its index from 0. Does not change. Kept as runs of
/// consecutive UIDs, so that a mailbox without gaps takes a few octets whatever its size.
public final class UidSet {

  /// No UIDs.
  public static final UidSet EMPTY = new UidSet(new long[0], new int[0], 0);

  private final long[] first; // first UID of each run
  private final int[] before; // number of UIDs before each run
  private final int size;

  private UidSet(long[] first, int[] before, int size) {
    this.first = first;
    this.before = before;
    this.size = size;
  }

  /// The UIDs of `ranges`.
  public static UidSet of(UidRanges ranges) {
    List<UidRanges.Range> runs = ranges.ranges();
    long[] first = new long[runs.size()];
    int[] before = new int[runs.size()];
    int size = 0;
    for (int i = 0; i < first.length; i++) {
      first[i] = runs.get(i).first();
      before[i] = size;
      size = Math.toIntExact(size + runs.get(i).last() - first[i] + 1);
    }
    return new UidSet(first, before, size);
  }

  /// The same UIDs as ranges. Costs as much as there are runs.
  public UidRanges ranges() {
    UidRanges.Builder ranges = new UidRanges.Builder();
    for (int i = 0; i < first.length; i++) {
      ranges.add(first[i], first[i] + endOf(i) - before[i] - 1);
    }
    return ranges.build();
  }

  /// Number of UIDs.
  public int size() {
    return size;
  }

  /// The UID at an index.
  ///
  /// @param index 0 to [#size()] - 1
  public Uid at(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("index " + index + " of " + size + " UIDs");
    }
    int found = Arrays.binarySearch(before, index);
    int run = found >= 0 ? found : -found - 2;
    return new Uid(first[run] + index - before[run]);
  }

  /// The number of UIDs that are smaller than `uid`: the index of the first that is not.
  public int indexFrom(long uid) {
    int found = Arrays.binarySearch(first, uid);
    if (found >= 0) {
      return before[found];
    }
    int run = -found - 2;
    if (run < 0) {
      return 0;
    }
    return (int) Math.min(before[run] + (uid - first[run]), endOf(run));
  }

  /// Whether `uid` is one of them.
  public boolean contains(long uid) {
    int index = indexFrom(uid);
    return index < size && at(index).value() == uid;
  }

  /// The largest UID, 0 when there is none.
  public long last() {
    return size == 0 ? 0 : at(size - 1).value();
  }

  /// Octets of memory, roughly.
  public long octets() {
    return (long) first.length * (Long.BYTES + Integer.BYTES);
  }

  private int endOf(int run) {
    return run + 1 < before.length ? before[run + 1] : size;
  }
}
