package org.muniment.archive.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// Reads the right edge of a tree back from its tiles.
record TileReader(Disk disk, String folder) {

  /// The tree of `size` leaves, whose tiles are on the disk.
  TileTree tree(long size) throws ArchiveException {
    TreeEdge edge = new TreeEdge();
    long nodes = size;
    for (int level = 0; nodes > 0; level++, nodes /= TilePath.FULL) {
      edge.restore(level, hashes(level, nodes));
    }
    edge.restoreSize(size);
    return new TileTree(edge, entries(size));
  }

  /// The hashes of the last, partial tile of a level that has `nodes` hashes in all.
  private List<byte[]> hashes(int level, long nodes) throws ArchiveException {
    int width = (int) (nodes % TilePath.FULL);
    List<byte[]> hashes = new ArrayList<>(width);
    if (width > 0) {
      byte[] tile = tile(TilePath.hashes(level, nodes / TilePath.FULL, width));
      for (int i = 0; i < width; i++) {
        hashes.add(Arrays.copyOfRange(tile, i * TreeHash.LENGTH, (i + 1) * TreeHash.LENGTH));
      }
    }
    return hashes;
  }

  private List<byte[]> entries(long size) throws ArchiveException {
    int width = (int) (size % TilePath.FULL);
    if (width == 0) {
      return new ArrayList<>();
    }
    TilePath path = TilePath.entries(size / TilePath.FULL, width);
    byte[] bundle = tile(path);
    List<byte[]> entries = TileTree.entries(bundle);
    if (entries.size() < width) {
      throw new CorruptArchiveException(
          folder + path.name(), -1, width + " entries", entries.size() + "");
    }
    return new ArrayList<>(entries.subList(0, width));
  }

  /// A partial tile, or a wider one or the full one that took its place (C2SP tlog-tiles, "Partial
  /// Tiles").
  private byte[] tile(TilePath path) throws ArchiveException {
    byte[] octets = read(path);
    int least = path.level().equals(TilePath.ENTRIES) ? 0 : path.width() * TreeHash.LENGTH;
    if (octets == null || octets.length < least) {
      throw new CorruptArchiveException(folder + path.name(), -1, "a tile", "none");
    }
    return octets;
  }

  /// @return null when there is none; the tile may be wider than asked
  byte @Nullable [] read(TilePath path) throws ArchiveException {
    byte[] octets = disk.read(folder + path.name());
    if (octets != null || path.width() == TilePath.FULL) {
      return octets;
    }
    for (int width : TilePath.widths(disk.list(folder + path.partialFolder()))) {
      octets = width > path.width() ? disk.read(folder + path.ofWidth(width).name()) : null;
      if (octets != null) {
        return octets;
      }
    }
    return disk.read(folder + path.ofWidth(TilePath.FULL).name());
  }
}
