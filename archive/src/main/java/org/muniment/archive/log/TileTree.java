package org.muniment.archive.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;

/// A growing Merkle tree cut into tiles (C2SP tlog-tiles). Keeps its right edge only. Not safe for
/// use by many threads.
public final class TileTree {

  /// The longest leaf: entries carry their length in 16 bits (C2SP tlog-tiles, "Log entries").
  public static final int MAX_LEAF = 0xFFFF;

  private final TreeEdge edge;
  private final List<byte[]> lastEntries;

  /// A tree without leaves.
  public TileTree() {
    this(new TreeEdge(), new ArrayList<>());
  }

  TileTree(TreeEdge edge, List<byte[]> lastEntries) {
    this.edge = edge;
    this.lastEntries = lastEntries;
  }

  /// A tree of `size` leaves, as its tiles on a disk tell.
  ///
  /// @param folder of the log on the disk, ending with `/`
  /// @throws org.muniment.archive.store.CorruptArchiveException when a tile is missing or too short
  public static TileTree read(Disk disk, String folder, long size) throws ArchiveException {
    return new TileReader(disk, folder).tree(size);
  }

  /// A tile, or a wider one or the full one that took its place (C2SP tlog-tiles, "Partial Tiles").
  ///
  /// @return null when there is none
  public static byte @Nullable [] readTile(Disk disk, String folder, TilePath tile)
      throws ArchiveException {
    return new TileReader(disk, folder).read(tile);
  }

  /// Appends a leaf.
  ///
  /// @param data 1 to [#MAX_LEAF] octets
  /// @param tiles given each tile that this leaf fills
  public void append(byte[] data, Tiles tiles) throws ArchiveException {
    if (data.length == 0 || data.length > MAX_LEAF) {
      throw new IllegalArgumentException("a leaf of " + data.length + " octets");
    }
    lastEntries.add(data);
    List<FullTile> full = new ArrayList<>();
    edge.append(TreeHash.leaf(data), (level, hashes) -> full.add(new FullTile(level, hashes)));
    for (FullTile tile : full) {
      long index = fullTiles(tile.level) - 1;
      tiles.put(TilePath.hashes(tile.level, index, TilePath.FULL), concatenate(tile.hashes));
      if (tile.level == 0) {
        tiles.put(TilePath.entries(index, TilePath.FULL), bundle(lastEntries));
        lastEntries.clear();
      }
    }
  }

  /// Gives the tiles that are not full.
  public void partial(Tiles tiles) throws ArchiveException {
    for (int level = 0; level < edge.depth(); level++) {
      List<byte[]> hashes = edge.last(level);
      if (!hashes.isEmpty()) {
        TilePath tile = TilePath.hashes(level, fullTiles(level), hashes.size());
        tiles.put(tile, concatenate(hashes));
      }
    }
    if (!lastEntries.isEmpty()) {
      tiles.put(TilePath.entries(fullTiles(0), lastEntries.size()), bundle(lastEntries));
    }
  }

  /// Number of leaves.
  public long size() {
    return edge.size();
  }

  /// The root hash.
  public byte[] root() {
    return edge.root();
  }

  /// The number of full tiles in a level, which is the index of the one that is not.
  long fullTiles(int level) {
    return size() >>> (8 * (level + 1));
  }

  int depth() {
    return edge.depth();
  }

  private static byte[] concatenate(List<byte[]> hashes) {
    byte[] tile = new byte[hashes.size() * TreeHash.LENGTH];
    for (int i = 0; i < hashes.size(); i++) {
      System.arraycopy(hashes.get(i), 0, tile, i * TreeHash.LENGTH, TreeHash.LENGTH);
    }
    return tile;
  }

  /// `bundle = *( length(16 bits, big-endian) || entry )`
  private static byte[] bundle(List<byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      out.write(entry.length >>> 8);
      out.write(entry.length);
      out.writeBytes(entry);
    }
    return out.toByteArray();
  }

  /// The entries of a bundle, up to the first that is not whole.
  public static List<byte[]> entries(byte[] bundle) {
    List<byte[]> entries = new ArrayList<>();
    int at = 0;
    while (at + 2 <= bundle.length) {
      int length = ((bundle[at] & 0xFF) << 8) | (bundle[at + 1] & 0xFF);
      if (length == 0 || at + 2 + length > bundle.length) {
        return entries;
      }
      entries.add(Arrays.copyOfRange(bundle, at + 2, at + 2 + length));
      at += 2 + length;
    }
    return entries;
  }

  /// Given tiles.
  public interface Tiles {
    /// Takes one tile.
    void put(TilePath tile, byte[] octets) throws ArchiveException;
  }

  private record FullTile(int level, List<byte[]> hashes) {}
}
