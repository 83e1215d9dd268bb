package org.muniment.archive.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.log.TilePath;
import org.muniment.archive.log.TileTree;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// Compares the tiles of the log with those that the events hash to: every full tile, the last ones
/// of the checkpoint, and whatever narrower ones were left.
final class TileCheck {

  static final String LOG = "log/";

  private final Disk disk;
  private final Findings findings;

  /// What stood for the last tiles when the checkpoint was read, because a busy writer soon retires
  /// them.
  private final Map<TilePath, byte[]> last = new HashMap<>();

  private long bundleIndex = -1;
  private List<byte[]> bundle = List.of();

  TileCheck(Disk disk, Findings findings) {
    this.disk = disk;
    this.findings = findings;
  }

  /// Reads the last tiles of a log.
  ///
  /// @return whether all are there
  boolean readLast(long size) throws ArchiveException {
    last.clear();
    List<TilePath> tiles = TilePath.partials(size);
    for (TilePath tile : tiles) {
      byte[] octets = TileTree.readTile(disk, LOG, tile);
      if (octets != null) {
        last.put(tile, octets);
      }
    }
    return last.size() == tiles.size();
  }

  /// Compares a tile that is full.
  void full(TilePath tile, byte[] expected) throws ArchiveException {
    String name = LOG + tile.name();
    byte[] found = read(name);
    if (!Arrays.equals(found, expected)) {
      find(name, found);
    }
    partials(tile, expected);
  }

  /// Compares a last tile of the checkpoint with what stood for it: itself, a wider one, or the
  /// full one.
  void last(TilePath tile, byte[] expected) throws ArchiveException {
    byte[] found = last.get(tile);
    byte[] exact = read(LOG + tile.name());
    boolean asItWas = exact == null || Arrays.equals(exact, expected);
    if (found == null || !startsWith(found, expected) || !asItWas) {
      find(LOG + tile.name(), found);
    }
    partials(tile, expected);
  }

  /// The log's own copy of a leaf, null when it is lost.
  byte @Nullable [] entry(long leaf) throws ArchiveException {
    if (leaf / TilePath.FULL != bundleIndex) {
      bundleIndex = leaf / TilePath.FULL;
      byte[] octets = disk.read(LOG + TilePath.entries(bundleIndex, TilePath.FULL).name());
      if (octets == null) {
        octets =
            last.entrySet().stream()
                .filter(tile -> tile.getKey().level().equals(TilePath.ENTRIES))
                .filter(tile -> tile.getKey().index() == bundleIndex)
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(new byte[0]);
      }
      bundle = TileTree.entries(octets);
    }
    int at = (int) (leaf % TilePath.FULL);
    return at < bundle.size() ? bundle.get(at) : null;
  }

  /// Compares the narrower tiles of the same index, and the beginning of wider ones. A crash can
  /// leave such a tile torn, for it is never synced, and whoever asks for it is served by this one:
  /// that is worth a note.
  private void partials(TilePath tile, byte[] expected) throws ArchiveException {
    for (int width : TilePath.widths(disk.list(LOG + tile.partialFolder()))) {
      String name = LOG + tile.ofWidth(width).name();
      byte[] found = width == tile.width() ? null : read(name);
      // A writer may have retired it meanwhile.
      if (found != null && !isTile(tile, expected, width, found)) {
        findings.note(name + ": a tile that another took the place of is not what it was");
      }
    }
  }

  private byte @Nullable [] read(String name) throws ArchiveException {
    try {
      return disk.read(name);
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return new byte[0];
    }
  }

  private static boolean isTile(TilePath tile, byte[] expected, int width, byte[] found) {
    if (width > tile.width()) {
      return startsWith(found, expected);
    }
    return startsWith(expected, found) && found.length == length(tile, expected, width);
  }

  private static boolean startsWith(byte[] octets, byte[] beginning) {
    return octets.length >= beginning.length
        && Arrays.equals(octets, 0, beginning.length, beginning, 0, beginning.length);
  }

  /// Octets of the first hashes or entries of a tile.
  private static int length(TilePath tile, byte[] octets, int width) {
    if (!tile.level().equals(TilePath.ENTRIES)) {
      return width * TreeHash.LENGTH;
    }
    int at = 0;
    for (int i = 0; i < width; i++) {
      at += 2 + (((octets[at] & 0xFF) << 8) | (octets[at + 1] & 0xFF));
    }
    return at;
  }

  private void find(String name, byte @Nullable [] found) {
    findings.add(name, "the tile that the events hash to", found == null ? "no file" : "another");
  }
}
