package org.muniment.archive.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// Proofs about a log, made from its tiles (RFC 6962 sections 2.1.1 and 2.1.2). Reads a few tiles
/// per proof, whatever the size of the log.
///
/// @param folder of the log on the disk, ending with `/`
/// @param size number of leaves of the tree that the proofs are about
public record TreeProofs(Disk disk, String folder, long size) {

  private static final int TILE_HEIGHT = 8;

  /// The root hash, `MTH(D[size])`.
  public byte[] root() throws ArchiveException {
    return size == 0 ? TreeHash.empty() : range(0, size);
  }

  /// The proof that a leaf is in the tree: `PATH(m, D[n])`, the nodes from the leaf up, each with
  /// its side.
  ///
  /// @param leaf index of the leaf, below [#size()]
  public List<Step> inclusion(long leaf) throws ArchiveException {
    if (leaf < 0 || leaf >= size) {
      throw new IllegalArgumentException("leaf " + leaf + " of a log of " + size);
    }
    List<Step> path = new ArrayList<>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = from + split(to - from);
      if (leaf < middle) {
        path.addFirst(new Step(Side.RIGHT, range(middle, to)));
        to = middle;
      } else {
        path.addFirst(new Step(Side.LEFT, range(from, middle)));
        from = middle;
      }
    }
    return path;
  }

  /// The proof that the tree begins with all leaves of an older one: `PROOF(m, D[n])`.
  ///
  /// @param older number of leaves of the older tree, 1 to [#size()]
  public List<byte[]> consistency(long older) throws ArchiveException {
    if (older < 1 || older > size) {
      throw new IllegalArgumentException("a log of " + older + " before one of " + size);
    }
    List<byte[]> proof = new ArrayList<>();
    long from = 0;
    long to = size;
    while (older < to) {
      long middle = from + split(to - from);
      if (older <= middle) {
        proof.addFirst(range(middle, to));
        to = middle;
      } else {
        proof.addFirst(range(from, middle));
        from = middle;
      }
    }
    if (from > 0) {
      proof.addFirst(range(from, to));
    }
    return proof;
  }

  /// `MTH(D[from:to])`, its range one that the recursion of RFC 6962 section 2.1 meets.
  private byte[] range(long from, long to) throws ArchiveException {
    long width = to - from;
    if (Long.bitCount(width) == 1) {
      int level = Long.numberOfTrailingZeros(width);
      return subtree(level, from >>> level);
    }
    long middle = from + split(width);
    return TreeHash.node(range(from, middle), range(middle, to));
  }

  /// The largest power of two smaller than `n`.
  private static long split(long n) {
    return Long.highestOneBit(n - 1);
  }

  /// The hash over the `2^level` leaves from `index * 2^level` on, all in the tree.
  private byte[] subtree(int level, long index) throws ArchiveException {
    int tileLevel = level / TILE_HEIGHT;
    int above = level % TILE_HEIGHT;
    long first = index << above;
    byte[] tile = tile(tileLevel, first / TilePath.FULL);
    List<byte[]> hashes = new ArrayList<>();
    int offset = (int) (first % TilePath.FULL);
    for (int i = offset; i < offset + (1 << above); i++) {
      if ((i + 1) * TreeHash.LENGTH > tile.length) {
        throw new CorruptArchiveException(
            folder + TilePath.hashes(tileLevel, first / TilePath.FULL, TilePath.FULL).name(),
            (long) i * TreeHash.LENGTH,
            "a hash",
            "the end");
      }
      hashes.add(Arrays.copyOfRange(tile, i * TreeHash.LENGTH, (i + 1) * TreeHash.LENGTH));
    }
    while (hashes.size() > 1) {
      for (int i = 0; i < hashes.size(); i++) {
        hashes.set(i, TreeHash.node(hashes.get(i), hashes.remove(i + 1)));
      }
    }
    return hashes.getFirst();
  }

  /// A tile: full, or as wide as the tree needs it, or wider when the log has grown since.
  private byte[] tile(int level, long index) throws ArchiveException {
    long nodes = size >>> (TILE_HEIGHT * level);
    int width = (int) Math.min(TilePath.FULL, nodes - index * TilePath.FULL);
    TilePath full = TilePath.hashes(level, index, TilePath.FULL);
    byte @Nullable [] tile = disk.read(folder + full.name());
    for (int wide = width; tile == null && wide < TilePath.FULL; wide++) {
      tile = disk.read(folder + TilePath.hashes(level, index, wide).name());
    }
    if (tile == null) {
      throw new CorruptArchiveException(folder + full.name(), -1, "a tile", "no file");
    }
    return tile;
  }

  /// On which side of the path a node stands.
  public enum Side {
    /// `hash = SHA-256(0x01 || node || hash)`
    LEFT,
    /// `hash = SHA-256(0x01 || hash || node)`
    RIGHT
  }

  /// A node that is joined to the path on its way up.
  ///
  /// @param node a hash, not copied
  @SuppressWarnings("ArrayRecordComponent")
  public record Step(Side side, byte[] node) {

    /// The hash above this node and `hash`.
    public byte[] above(byte[] hash) {
      return switch (side) {
        case LEFT -> TreeHash.node(node, hash);
        case RIGHT -> TreeHash.node(hash, node);
      };
    }
  }
}
