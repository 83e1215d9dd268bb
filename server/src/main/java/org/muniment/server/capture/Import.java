package org.muniment.server.capture;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Phaser;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.files.MailFiles;

/// Imports mail from files: any number of accounts side by side, never two imports into one. Safe
/// for use by many threads.
public final class Import implements Closeable {

  private final ArchiveWriter archive;
  private final SourceProgress progress;
  private final Predicate<AccountName> captured;
  private final Path temporary;
  private final Clock clock;
  private final Set<AccountName> going = ConcurrentHashMap.newKeySet();
  private final Phaser running = new Phaser(1);
  private volatile boolean stopping;

  /// @param captured whether an account has a source of its own, whose runs leave the receipts
  /// @param temporary an existing folder; what earlier imports left there is removed
  public Import(
      ArchiveWriter archive,
      SourceProgress progress,
      Predicate<AccountName> captured,
      Path temporary,
      Clock clock)
      throws IOException {
    this.archive = archive;
    this.progress = progress;
    this.captured = captured;
    this.temporary = temporary;
    this.clock = clock;
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(temporary, ImportCounts.PREFIX + "*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Imports, and returns when that has ended. What was archived is durable then. Into an account
  /// that has no source an import that added something leaves a receipt in the log.
  ///
  /// @param stop asked again and again; true ends the import early
  /// @throws IOException when the files are not of the format or cannot be read at all, when an
  ///   import into the account is going on, or from the archive; what was archived before stays
  public ImportOutcome run(ImportRequest request, ImportProgress listener, BooleanSupplier stop)
      throws IOException {
    if (!going.add(request.account())) {
      throw new IOException(
          "an import into " + request.account() + " is going on already: wait for its end");
    }
    running.register();
    try {
      if (stopping) {
        throw new IOException("the server is ending");
      }
      return start(request, listener, () -> stopping || stop.getAsBoolean());
    } finally {
      going.remove(request.account());
      running.arriveAndDeregister();
    }
  }

  private ImportOutcome start(ImportRequest request, ImportProgress listener, BooleanSupplier stop)
      throws IOException {
    MailFiles files = MailFiles.at(request.path(), request.format(), temporary);
    try (ImportCounts counts = new ImportCounts(temporary)) {
      return new ImportRun(request, archive, progress, counts, listener, stop, files.octets())
          .run(files, !captured.test(request.account()), clock.instant());
    }
  }

  /// Stops the imports after the messages they are at, and waits for them.
  @Override
  public void close() {
    stopping = true;
    running.arriveAndAwaitAdvance();
  }
}
