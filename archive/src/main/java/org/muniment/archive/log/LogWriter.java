package org.muniment.archive.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// Appends leaves to a log and publishes its state. Not safe for use by many threads.
///
/// Tiles are written without a sync, because the journal holds all they are made of: [#sync] makes
/// them durable when the journal that holds their leaves is closed, and a writer that resumes
/// begins at such a point and appends the leaves of the last journal once more. Only the checkpoint
/// is durable at each publication.
public final class LogWriter {

  /// The longest leaf: entries carry their length in 16 bits (C2SP tlog-tiles, "Log entries").
  public static final int MAX_LEAF = 0xFFFF;

  private static final String CHECKPOINT = "checkpoint";

  private final Disk disk;
  private final String folder;
  private final Note.Signer signer;
  private final TreeEdge edge = new TreeEdge();
  private final List<byte[]> lastEntries = new ArrayList<>();
  private final Set<String> unsynced = new LinkedHashSet<>();
  private final Deque<List<String>> partials = new ArrayDeque<>();

  /// The partial tiles at the last [#settle], from which a writer resumes after a crash.
  private List<String> durable = List.of();

  private LogWriter(Disk disk, String folder, Note.Signer signer) {
    this.disk = disk;
    this.folder = folder;
    this.signer = signer;
  }

  /// A writer at `size` leaves, whose tiles are durable.
  ///
  /// @param folder of the log on the disk, ending with `/`
  public static LogWriter resume(Disk disk, String folder, Note.Signer signer, long size)
      throws ArchiveException {
    LogWriter writer = new LogWriter(disk, folder, signer);
    LogReader reader = new LogReader(disk, folder);
    long nodes = size;
    for (int level = 0; nodes > 0; level++, nodes /= TilePath.FULL) {
      writer.edge.restore(level, reader.lastHashes(level, nodes));
    }
    writer.edge.restoreSize(size);
    writer.lastEntries.addAll(reader.lastEntries(size));
    writer.durable = writer.partialTiles().stream().map(tile -> folder + tile.name()).toList();
    writer.forgetUnfinished();
    return writer;
  }

  /// A crash can leave partial tiles of leaves that were never acknowledged and are gone.
  private void forgetUnfinished() throws ArchiveException {
    List<String> folders = new ArrayList<>();
    for (int level = 0; level <= edge.depth(); level++) {
      folders.add(folder + TilePath.hashes(level, index(level), 1).partialFolder());
    }
    folders.add(folder + TilePath.entries(index(0), 1).partialFolder());
    for (String partial : folders) {
      for (String width : disk.list(partial)) {
        String name = partial + "/" + width;
        if (!durable.contains(name)) {
          disk.delete(name);
        }
      }
    }
  }

  /// Appends a leaf; it is part of the log from the next [#publish] on.
  ///
  /// @param data 1 to [#MAX_LEAF] octets
  public void append(byte[] data) throws ArchiveException {
    if (data.length == 0 || data.length > MAX_LEAF) {
      throw new IllegalArgumentException("a leaf of " + data.length + " octets");
    }
    lastEntries.add(data);
    List<Tile> full = new ArrayList<>();
    edge.append(
        TreeHash.leaf(data), (level, hashes) -> full.add(new Tile(level, List.copyOf(hashes))));
    for (Tile tile : full) {
      long index = index(tile.level) - 1;
      put(TilePath.hashes(tile.level, index, TilePath.FULL), concatenate(tile.hashes));
      if (tile.level == 0) {
        put(TilePath.entries(index, TilePath.FULL), bundle(lastEntries));
        lastEntries.clear();
      }
    }
  }

  /// Number of leaves appended.
  public long size() {
    return edge.size();
  }

  /// The root hash over all leaves appended.
  public byte[] root() {
    return edge.root();
  }

  /// Writes the partial tiles and then, durably, the signed checkpoint over all leaves appended.
  public Checkpoint publish() throws ArchiveException {
    List<String> written = new ArrayList<>();
    for (TilePath tile : partialTiles()) {
      boolean entries = tile.level().equals(TilePath.ENTRIES);
      written.add(
          put(
              tile,
              entries
                  ? bundle(lastEntries)
                  : concatenate(edge.last(Integer.parseInt(tile.level())))));
    }
    Checkpoint checkpoint = Checkpoint.of(signer.verifier().name(), size(), root());
    disk.replace(folder + CHECKPOINT, checkpoint.sign(signer));
    retire(written);
    return checkpoint;
  }

  /// Makes all tiles durable. To be called after [#publish], before anything more is appended. A
  /// writer can from then on resume at this size; at the size of the sync before it, until
  /// [#settle].
  public void sync() throws ArchiveException {
    for (String name : unsynced) {
      disk.sync(name);
    }
    unsynced.clear();
  }

  /// Drops what only a writer that resumes before the last [#sync] would need.
  public void settle() throws ArchiveException {
    List<String> before = durable;
    durable = partials.isEmpty() ? before : partials.getLast();
    for (String name : before) {
      if (!durable.contains(name)) {
        disk.delete(name);
      }
    }
  }

  /// The tiles that are not full now.
  private List<TilePath> partialTiles() {
    List<TilePath> tiles = new ArrayList<>();
    for (int level = 0; level < edge.depth(); level++) {
      int width = edge.last(level).size();
      if (width > 0) {
        tiles.add(TilePath.hashes(level, index(level), width));
      }
    }
    if (!lastEntries.isEmpty()) {
      tiles.add(TilePath.entries(index(0), lastEntries.size()));
    }
    return tiles;
  }

  /// Partial tiles outlive the next checkpoint, so that who has just read the one before still
  /// finds them; then they go.
  private void retire(List<String> written) throws ArchiveException {
    partials.addLast(written);
    if (partials.size() > 2) {
      for (String name : partials.removeFirst()) {
        if (!durable.contains(name) && partials.stream().noneMatch(p -> p.contains(name))) {
          unsynced.remove(name);
          disk.delete(name);
        }
      }
    }
  }

  private String put(TilePath tile, byte[] octets) throws ArchiveException {
    String name = folder + tile.name();
    disk.write(name, octets);
    unsynced.add(name);
    return name;
  }

  /// The number of full tiles in a level.
  private long index(int level) {
    return size() >>> (8 * (level + 1));
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

  /// Reads tiles. Kept beside the writer because both are the same grammar.
  private record LogReader(Disk disk, String folder) {

    /// The hashes of the last, partial tile of a level that has `nodes` hashes in all.
    List<byte[]> lastHashes(int level, long nodes) throws ArchiveException {
      int width = (int) (nodes % TilePath.FULL);
      List<byte[]> hashes = new ArrayList<>(width);
      if (width > 0) {
        long index = nodes / TilePath.FULL;
        byte[] tile =
            tile(TilePath.hashes(level, index, width), TilePath.hashes(level, index, 256));
        for (int i = 0; i < width; i++) {
          hashes.add(Arrays.copyOfRange(tile, i * TreeHash.LENGTH, (i + 1) * TreeHash.LENGTH));
        }
      }
      return hashes;
    }

    List<byte[]> lastEntries(long size) throws ArchiveException {
      int width = (int) (size % TilePath.FULL);
      List<byte[]> entries = new ArrayList<>(width);
      if (width > 0) {
        long index = size / TilePath.FULL;
        byte[] bundle = tile(TilePath.entries(index, width), TilePath.entries(index, 256));
        int at = 0;
        while (entries.size() < width) {
          int length = (bundle[at] & 0xFF) << 8 | (bundle[at + 1] & 0xFF);
          entries.add(Arrays.copyOfRange(bundle, at + 2, at + 2 + length));
          at += 2 + length;
        }
      }
      return entries;
    }

    /// A partial tile, or the full one that took its place.
    private byte[] tile(TilePath partial, TilePath full) throws ArchiveException {
      byte[] octets = disk.read(folder + partial.name());
      if (octets == null) {
        octets = disk.read(folder + full.name());
      }
      int least = partial.level().equals(TilePath.ENTRIES) ? 2 : TreeHash.LENGTH;
      if (octets == null || octets.length < partial.width() * least) {
        throw new CorruptArchiveException(folder + partial.name(), -1, "a tile", "none");
      }
      return octets;
    }
  }

  private record Tile(int level, List<byte[]> hashes) {}
}
