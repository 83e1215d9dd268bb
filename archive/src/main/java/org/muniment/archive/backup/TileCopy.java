package org.muniment.archive.backup;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.log.TilePath;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// Copies the tiles of a log that grows meanwhile.
///
/// @param folder of the log on both disks, ending with `/`
record TileCopy(Disk from, Disk to, String folder) {

  /// Octets before an entry that tell its length.
  private static final int LENGTH = 2;

  /// Copies the full tiles, lowest level first: those that an earlier copy has not, and those that
  /// it has lost.
  ///
  /// @param size number of leaves
  /// @param earlier number of leaves of the earlier copy, 0 when there is none
  void copyFull(long size, long earlier) throws ArchiveException {
    long known = earlier / TilePath.FULL;
    int level = 0;
    for (long count = size / TilePath.FULL; count > 0; count /= TilePath.FULL) {
      for (long index = 0; index < count; index++) {
        copyUnlessThere(TilePath.hashes(level, index, TilePath.FULL), index < known);
        if (level == 0) {
          copyUnlessThere(TilePath.entries(index, TilePath.FULL), index < known);
        }
      }
      known /= TilePath.FULL;
      level++;
    }
  }

  /// @param known whether the tile is right when it is there
  private void copyUnlessThere(TilePath tile, boolean known) throws ArchiveException {
    if (!known || !has(tile)) {
      copy(tile);
    }
  }

  /// Copies a tile; durable when this returns.
  void copy(TilePath tile) throws ArchiveException {
    to.replace(folder + tile.name(), read(tile));
  }

  private boolean has(TilePath tile) throws ArchiveException {
    try (Disk.Reader reader = to.open(folder + tile.name())) {
      return reader != null;
    }
  }

  /// Deletes the partial tiles of some sizes of the log that are not partial tiles of others.
  void forget(Set<Long> sizes, List<Long> kept) throws ArchiveException {
    Set<String> names = new HashSet<>();
    sizes.forEach(size -> TilePath.partials(size).forEach(tile -> names.add(tile.name())));
    kept.forEach(size -> TilePath.partials(size).forEach(tile -> names.remove(tile.name())));
    for (String name : names) {
      to.delete(folder + name);
    }
  }

  /// A tile, cut from a wider one when it is gone (C2SP tlog-tiles, "Partial Tiles").
  private byte[] read(TilePath tile) throws ArchiveException {
    for (int width = tile.width(); width <= TilePath.FULL; width++) {
      TilePath wide = new TilePath(tile.level(), tile.index(), width);
      byte[] octets = from.read(folder + wide.name());
      if (octets != null) {
        int length = length(octets, tile);
        if (length > octets.length) {
          throw corrupt(wide, tile.width() + " hashes or entries", "the end");
        }
        return Arrays.copyOf(octets, length);
      }
    }
    throw corrupt(tile, "a tile", "no file");
  }

  /// Octets of the first hashes or entries, more than there are when those are fewer.
  private static int length(byte[] octets, TilePath tile) {
    if (!tile.level().equals(TilePath.ENTRIES)) {
      return tile.width() * TreeHash.LENGTH;
    }
    int at = 0;
    for (int i = 0; i < tile.width() && at <= octets.length; i++) {
      at +=
          at + LENGTH > octets.length
              ? LENGTH
              : LENGTH + (((octets[at] & 0xFF) << 8) | (octets[at + 1] & 0xFF));
    }
    return at;
  }

  private CorruptArchiveException corrupt(TilePath tile, String expected, @Nullable String found) {
    return new CorruptArchiveException(folder + tile.name(), -1, expected, "" + found);
  }
}
