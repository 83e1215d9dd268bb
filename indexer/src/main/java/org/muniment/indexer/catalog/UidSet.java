package org.muniment.indexer.catalog;

import java.util.Arrays;
import org.muniment.archive.event.Uid;

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

  private int endOf(int run) {
    return run + 1 < before.length ? before[run + 1] : size;
  }

  /// Grows a set at its upper end.
  static final class Builder {
    private long[] first;
    private int[] before;
    private int runs;
    private int size;
    private long last;

    Builder(UidSet start) {
      runs = start.first.length;
      first = Arrays.copyOf(start.first, runs + 1);
      before = Arrays.copyOf(start.before, runs + 1);
      size = start.size;
      last = start.last();
    }

    /// @param uid larger than all before
    Builder add(long uid) {
      if (uid <= last) {
        throw new IllegalArgumentException("UID " + uid + " after " + last);
      }
      if (size == 0 || uid != last + 1) {
        begin(uid);
      }
      size++;
      last = uid;
      return this;
    }

    private void begin(long uid) {
      if (runs == first.length) {
        first = Arrays.copyOf(first, 2 * runs);
        before = Arrays.copyOf(before, 2 * runs);
      }
      first[runs] = uid;
      before[runs++] = size;
    }

    UidSet build() {
      return new UidSet(Arrays.copyOf(first, runs), Arrays.copyOf(before, runs), size);
    }
  }
}
