package org.muniment.archive.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    List<byte[]> entries = new ArrayList<>(width);
    if (width > 0) {
      TilePath path = TilePath.entries(size / TilePath.FULL, width);
      byte[] bundle = tile(path);
      for (int at = 0; entries.size() < width; ) {
        int length =
            at + 2 > bundle.length ? 0 : ((bundle[at] & 0xFF) << 8) | (bundle[at + 1] & 0xFF);
        if (length == 0 || at + 2 + length > bundle.length) {
          throw new CorruptArchiveException(folder + path.name(), at, "an entry", "the end");
        }
        entries.add(Arrays.copyOfRange(bundle, at + 2, at + 2 + length));
        at += 2 + length;
      }
    }
    return entries;
  }

  /// A partial tile, or the full one that took its place.
  private byte[] tile(TilePath partial) throws ArchiveException {
    byte[] octets = disk.read(folder + partial.name());
    if (octets == null) {
      TilePath full = new TilePath(partial.level(), partial.index(), TilePath.FULL);
      octets = disk.read(folder + full.name());
    }
    int least = partial.level().equals(TilePath.ENTRIES) ? 0 : partial.width() * TreeHash.LENGTH;
    if (octets == null || octets.length < least) {
      throw new CorruptArchiveException(folder + partial.name(), -1, "a tile", "none");
    }
    return octets;
  }
}
