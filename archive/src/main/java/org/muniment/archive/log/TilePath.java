package org.muniment.archive.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Names of tiles (C2SP tlog-tiles, "Merkle Tree" and "Log entries").
///
/// @param level `0` to `5` for hashes, or [#ENTRIES]
/// @param index number of the tile in its level, from 0
/// @param width hashes or entries in it, 1 to 256; below 256 it is a partial tile
public record TilePath(String level, long index, int width) {

  /// Hashes or entries in a full tile.
  public static final int FULL = 256;

  /// The level that holds the entries themselves.
  public static final String ENTRIES = "entries";

  private static final String LEVELS = "012345";

  /// A hash tile.
  public static TilePath hashes(int level, long index, int width) {
    return new TilePath(Integer.toString(level), index, width);
  }

  /// A tile of entries.
  public static TilePath entries(long index, int width) {
    return new TilePath(ENTRIES, index, width);
  }

  /// The partial tiles of a tree of `size` leaves: hashes, lowest level first, then entries.
  public static List<TilePath> partials(long size) {
    List<TilePath> tiles = new ArrayList<>();
    int level = 0;
    for (long nodes = size; nodes > 0; nodes /= FULL) {
      if (nodes % FULL > 0) {
        tiles.add(hashes(level, nodes / FULL, (int) (nodes % FULL)));
      }
      level++;
    }
    if (size % FULL > 0) {
      tiles.add(entries(size / FULL, (int) (size % FULL)));
    }
    return tiles;
  }

  /// The tile of a name, relative to the log; null when it is the name of none.
  public static @Nullable TilePath parse(String name) {
    String[] groups = name.split("/", -1);
    int last = groups.length - 1;
    boolean partial = last > 2 && groups[last - 1].endsWith(".p");
    if (groups.length < 3) {
      return null;
    }
    try {
      int width = partial ? Integer.parseInt(groups[last]) : FULL;
      StringBuilder digits = new StringBuilder();
      for (int i = 2; i <= (partial ? last - 1 : last); i++) {
        digits.append(groups[i].replace("x", "").replace(".p", ""));
      }
      TilePath tile = new TilePath(groups[1], Long.parseLong(digits.toString()), width);
      boolean known =
          tile.level.equals(ENTRIES) || (tile.level.length() == 1 && LEVELS.contains(tile.level));
      return known && tile.index >= 0 && width > 0 && width <= FULL && tile.name().equals(name)
          ? tile
          : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /// The least number of leaves of a log that has a tile of this level and index; [Long#MAX_VALUE]
  /// when no log has so many.
  public long leastSize() {
    int below = level.equals(ENTRIES) ? 0 : 8 * Integer.parseInt(level);
    // (256 index + 1) 2^below is to stay below 2^63.
    return index < 1L << (Long.SIZE - 10 - below) ? (FULL * index + 1) << below : Long.MAX_VALUE;
  }

  /// The folder of the partial tiles of this index, relative to the log.
  public String partialFolder() {
    return "tile/" + level + "/" + number() + ".p";
  }

  /// This tile with another number of hashes or entries.
  public TilePath ofWidth(int other) {
    return new TilePath(level, index, other);
  }

  /// The widths among the names of files in a folder of partial tiles, narrow ones first.
  public static List<Integer> widths(List<String> names) {
    List<Integer> widths = new ArrayList<>();
    for (int width = 1; width < FULL; width++) {
      if (names.contains(Integer.toString(width))) {
        widths.add(width);
      }
    }
    return widths;
  }

  /// The name, relative to the log: `tile/0/x001/234`, or `tile/0/x001/234.p/56` when partial.
  public String name() {
    return width == FULL ? "tile/" + level + "/" + number() : partialFolder() + "/" + width;
  }

  /// Groups of three digits, all but the last behind an `x`.
  private String number() {
    Deque<String> groups = new ArrayDeque<>();
    long rest = index;
    do {
      groups.addFirst(String.format(Locale.ROOT, groups.isEmpty() ? "%03d" : "x%03d", rest % 1000));
      rest /= 1000;
    } while (rest > 0);
    return String.join("/", groups);
  }
}
