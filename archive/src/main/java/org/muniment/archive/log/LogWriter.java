package org.muniment.archive.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;

/// Appends leaves to a log and publishes its state. Not safe for use by many threads.
///
/// Tiles are written without a sync, because the journal holds all they are made of: [#sync] makes
/// them durable when the journal that holds their leaves is closed, and a writer that resumes
/// begins at such a point and appends the leaves of the last journal once more. Only the checkpoint
/// is durable at each publication.
public final class LogWriter {

  private static final String CHECKPOINT = "checkpoint";

  /// How many checkpoints the partial tiles of one outlive.
  private static final int OUTLIVED = 32;

  private final Disk disk;
  private final String folder;
  private final Note.Signer signer;
  private final TileTree tree;
  private final Set<String> unsynced = new LinkedHashSet<>();
  private final Deque<List<String>> partials = new ArrayDeque<>();

  /// The partial tiles at the last [#settle], from which a writer resumes after a crash.
  private List<String> durable = List.of();

  private LogWriter(Disk disk, String folder, Note.Signer signer, TileTree tree) {
    this.disk = disk;
    this.folder = folder;
    this.signer = signer;
    this.tree = tree;
  }

  /// A writer at `size` leaves, whose tiles are durable.
  ///
  /// @param folder of the log on the disk, ending with `/`
  public static LogWriter resume(Disk disk, String folder, Note.Signer signer, long size)
      throws ArchiveException {
    TileTree tree = new TileReader(disk, folder).tree(size);
    LogWriter writer = new LogWriter(disk, folder, signer, tree);
    writer.durable = TilePath.partials(size).stream().map(t -> folder + t.name()).toList();
    writer.forgetUnfinished();
    return writer;
  }

  /// A crash can leave partial tiles of leaves that were never acknowledged and are gone.
  private void forgetUnfinished() throws ArchiveException {
    List<String> folders = new ArrayList<>();
    for (int level = 0; level <= tree.depth(); level++) {
      folders.add(folder + TilePath.hashes(level, tree.fullTiles(level), 1).partialFolder());
    }
    folders.add(folder + TilePath.entries(tree.fullTiles(0), 1).partialFolder());
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
  /// @param data 1 to [TileTree#MAX_LEAF] octets
  public void append(byte[] data) throws ArchiveException {
    tree.append(data, this::put);
  }

  /// Deletes full tiles of leaves that are not appended: a copy of a log that grew meanwhile can
  /// hold some, and this log will have others.
  public void forgetAhead() throws ArchiveException {
    for (int level = 0; level <= tree.depth(); level++) {
      deleteFrom(level, tree.fullTiles(level), TilePath::hashes);
    }
    deleteFrom(0, tree.fullTiles(0), (level, index, width) -> TilePath.entries(index, width));
  }

  private void deleteFrom(int level, long first, Tile tile) throws ArchiveException {
    long index = first;
    String name = folder + tile.of(level, index, TilePath.FULL).name();
    while (disk.read(name) != null) {
      disk.delete(name);
      index++;
      name = folder + tile.of(level, index, TilePath.FULL).name();
    }
  }

  private interface Tile {
    TilePath of(int level, long index, int width);
  }

  /// Number of leaves appended.
  public long size() {
    return tree.size();
  }

  /// The root hash over all leaves appended.
  public byte[] root() {
    return tree.root();
  }

  /// Writes the partial tiles and then, durably, the signed checkpoint over all leaves appended.
  public Checkpoint publish() throws ArchiveException {
    List<String> written = new ArrayList<>();
    tree.partial(
        (tile, octets) -> {
          put(tile, octets);
          written.add(folder + tile.name());
        });
    Checkpoint checkpoint = Checkpoint.of(signer.verifier().name(), size(), root());
    disk.replace(folder + CHECKPOINT, checkpoint.sign(signer));
    retire(written);
    return checkpoint;
  }

  /// Makes all tiles durable but for partial ones of earlier checkpoints. To be called after
  /// [#publish], before anything more is appended. A writer can from then on resume at this size;
  /// at the size of the sync before it, until [#settle].
  public void sync() throws ArchiveException {
    Set<String> superseded = new HashSet<>();
    partials.forEach(superseded::addAll);
    if (!partials.isEmpty()) {
      partials.getLast().forEach(superseded::remove);
    }
    for (String name : unsynced) {
      if (!superseded.contains(name)) {
        disk.sync(name);
      }
    }
    unsynced.clear();
  }

  /// Drops what only a writer that resumes before the last [#sync] would need.
  public void settle() throws ArchiveException {
    List<String> before = durable;
    durable = partials.isEmpty() ? before : partials.getLast();
    drop(before);
  }

  /// Partial tiles outlive some checkpoints, so that who has read an earlier one, or lists the
  /// files to copy them, still finds them; then they go.
  private void retire(List<String> written) throws ArchiveException {
    partials.addLast(written);
    if (partials.size() > OUTLIVED) {
      drop(partials.removeFirst());
    }
  }

  /// Deletes those of the partial tiles that nobody needs any more.
  private void drop(List<String> tiles) throws ArchiveException {
    for (String name : tiles) {
      if (!durable.contains(name) && partials.stream().noneMatch(p -> p.contains(name))) {
        unsynced.remove(name);
        disk.delete(name);
      }
    }
  }

  /// A tile that stands there already is left alone: its name says what is in it, and to write it
  /// anew without a sync would put a durable one at risk.
  private void put(TilePath tile, byte[] octets) throws ArchiveException {
    String name = folder + tile.name();
    if (!durable.contains(name) && unsynced.add(name)) {
      disk.write(name, octets);
    }
  }
}
