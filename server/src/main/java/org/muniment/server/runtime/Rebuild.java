package org.muniment.server.runtime;

import java.io.Closeable;
import java.io.IOException;
import org.apache.lucene.store.LockObtainFailedException;
import org.muniment.archive.Archive;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.WriterLock;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.catalog.CatalogueRebuild;
import org.muniment.indexer.index.Attachments;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;
import org.muniment.indexer.kept.KeptText;
import org.muniment.server.config.Settings;

/// Makes anew what follows the archive, from the archive alone. Keeps every writer away meanwhile.
/// Users and settings are no part of it: it does not open them.
public final class Rebuild implements Closeable {

  private final Settings settings;
  private final Archive archive;
  private final WriterLock lock;

  private Rebuild(Settings settings, Archive archive, WriterLock lock) {
    this.settings = settings;
    this.archive = archive;
    this.lock = lock;
  }

  /// Opens the archive.
  ///
  /// @throws CannotStartException when there is none, or a process writes to it
  public static Rebuild begin(Settings settings) throws IOException, CannotStartException {
    Installation.requireArchive(settings);
    DataFolder.prepare(settings);
    Archive archive = Installation.existingArchive(settings);
    try {
      return new Rebuild(settings, archive, archive.lock());
    } catch (StoreRefusedException e) {
      archive.close();
      throw new CannotStartException(
          e.getMessage() + ": end the server or the capture, rebuild, and start it again", e);
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /// Makes the catalogue anew.
  ///
  /// @param progress told of log entries
  public void catalogue(TotalProgress progress) throws IOException {
    CatalogueRebuild.run(settings.catalogue().file(), archive, progress.of(archive.size()));
  }

  /// Makes the full-text index anew, and brings the catalogue up to date for it. What was read of
  /// attachments is taken over; what was not is read by the server.
  ///
  /// @param progress told of messages
  /// @throws CannotStartException when another process writes the index
  public void index(TotalProgress progress) throws IOException, CannotStartException {
    try (Catalogue catalogue = Catalogue.open(settings.catalogue().url());
        CatalogueFollower following =
            new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
      following.catchUp();
      try (FullTextIndex index = FullTextIndex.open(settings.index().path());
          KeptText kept = KeptText.open(settings.textFolder(), ArchiveKeys.of(settings));
          IndexFollower indexing =
              new IndexFollower(
                  archive,
                  catalogue,
                  index,
                  Attachments.of(kept, settings.index().attachments().settings().version()),
                  progress.of(catalogue.totals().messages()))) {
        indexing.rebuild();
      }
    } catch (LockObtainFailedException e) {
      throw new CannotStartException(
          "the index in "
              + settings.index().path()
              + " is in use: end the commands that are running, and try again",
          e);
    }
  }

  @Override
  public void close() throws IOException {
    try (archive;
        lock) {
      // closed in the reverse order
    }
  }
}
