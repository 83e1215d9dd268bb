package org.muniment.archive.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

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

  /// The folder of the partial tiles of this index, relative to the log.
  public String partialFolder() {
    return "tile/" + level + "/" + number() + ".p";
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
