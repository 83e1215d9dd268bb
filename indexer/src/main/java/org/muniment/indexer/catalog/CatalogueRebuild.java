package org.muniment.indexer.catalog;

import java.io.IOException;
import java.nio.file.Path;
import org.muniment.archive.Archive;
import org.muniment.archive.store.Progress;

/// Makes a catalogue anew from the archive alone: beside the one that is there, in whose place it
/// is put, in one step, when it is whole.
public final class CatalogueRebuild {

  private static final String UNFINISHED = ".unfinished";

  private CatalogueRebuild() {}

  /// Runs it. A crash, or an error, leaves the catalogue that was there, and a file that the next
  /// run begins anew.
  ///
  /// @param file of the catalogue, which need not exist, nor be whole; nobody has it open
  /// @param progress told of log entries applied and of octets read
  /// @throws IOException also when somebody has the catalogue open
  public static void run(Path file, Archive archive, Progress progress) throws IOException {
    CatalogueFile old = new CatalogueFile(file);
    // Before the work is done, not after it.
    old.requireUnused();
    CatalogueFile fresh = new CatalogueFile(file.resolveSibling(file.getFileName() + UNFINISHED));
    fresh.delete();
    try (Catalogue catalogue = fresh.open();
        CatalogueFollower follower =
            new CatalogueFollower(archive, catalogue, progress, () -> {})) {
      follower.catchUp();
    }
    fresh.putInPlaceOf(old);
  }
}
