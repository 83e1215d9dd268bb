package org.muniment.archive.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The right edge of a Merkle tree: all that is needed to append leaves, cut their tiles and know
/// the root. Holds at most 255 hashes per level of tiles, and the last tile's entries. Not safe for
/// use by many threads.
final class TreeEdge {

  /// Hashes of the last, not yet full tile of each level; level 0 holds leaf hashes.
  private final List<List<byte[]>> levels = new ArrayList<>();

  private long size;

  /// An edge of an empty tree.
  TreeEdge() {}

  /// Takes over the hashes of the last partial tile of a level, when an edge is read back.
  void restore(int level, List<byte[]> hashes) {
    while (levels.size() <= level) {
      levels.add(new ArrayList<>());
    }
    levels.get(level).addAll(hashes);
  }

  void restoreSize(long leaves) {
    size = leaves;
  }

  long size() {
    return size;
  }

  /// The hashes of the last tile of a level, which has fewer than 256.
  List<byte[]> last(int level) {
    return levels.get(level);
  }

  int depth() {
    return levels.size();
  }

  /// Appends a leaf.
  ///
  /// @param full told of each tile that this leaf fills, lower levels first
  void append(byte[] leafHash, FullTile full) {
    add(0, leafHash, full);
    size++;
  }

  private void add(int level, byte[] hash, FullTile full) {
    restore(level, List.of(hash));
    List<byte[]> tile = levels.get(level);
    if (tile.size() == TilePath.FULL) {
      full.filled(level, List.copyOf(tile));
      byte[] root = root(tile);
      tile.clear();
      add(level + 1, root, full);
    }
  }

  /// The root hash of the whole tree (RFC 6962 section 2.1): the last tiles joined from the lowest
  /// level up, because a full tile is a whole subtree and what is right of it is always the smaller
  /// side.
  byte[] root() {
    byte @Nullable [] right = null;
    for (List<byte[]> tile : levels) {
      List<byte[]> nodes = new ArrayList<>(tile);
      if (right != null) {
        nodes.add(right);
      }
      if (!nodes.isEmpty()) {
        right = root(nodes);
      }
    }
    return right == null ? TreeHash.empty() : right;
  }

  /// `MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n]))`, k the largest power of two below n,
  /// over subtree hashes.
  private static byte[] root(List<byte[]> hashes) {
    if (hashes.size() == 1) {
      return hashes.getFirst();
    }
    int k = Integer.highestOneBit(hashes.size() - 1);
    return TreeHash.node(root(hashes.subList(0, k)), root(hashes.subList(k, hashes.size())));
  }

  /// Told of a full tile.
  interface FullTile {
    void filled(int level, List<byte[]> hashes);
  }
}
