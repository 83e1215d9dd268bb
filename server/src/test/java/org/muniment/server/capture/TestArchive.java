package org.muniment.server.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.Entries;
import org.muniment.archive.Entry;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.store.Progress;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Verifier;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapSource;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

/// A real archive with its catalogue in a folder, and what capture needs of them.
final class TestArchive implements AutoCloseable {

  private final Path folder;
  private final Archive archive;
  private final Catalogue catalogue;
  private final CatalogueFollower follower;
  private final ArchiveWriter writer;

  TestArchive(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(temporary());
    Path directory = folder.resolve("archive");
    archive =
        Archive.exists(directory)
            ? Archive.open(directory, RootKeys.NONE)
            : Archive.create(directory, "test.example/archive", RootKeys.NONE);
    catalogue = Catalogue.open(folder.resolve("catalogue.db"));
    follower = new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {});
    writer = archive.writer(catalogue);
  }

  ArchiveWriter writer() {
    return writer;
  }

  Path temporary() {
    return folder.resolve("tmp");
  }

  static AccountConfig account(String name, SourceConfig source) {
    return account(name, source, AccountConfig.Folders.ALL);
  }

  static AccountConfig account(String name, SourceConfig source, AccountConfig.Folders folders) {
    return new AccountConfig(
        new AccountName(name),
        name,
        Set.of(name),
        true,
        source,
        folders,
        AccountConfig.DEFAULT_SCHEDULE,
        AccountConfig.DEFAULT_MAX_MESSAGE_SIZE);
  }

  static AccountConfig limited(String name, SourceConfig source, long maxMessageSize) {
    AccountConfig usual = account(name, source);
    return new AccountConfig(
        usual.name(),
        usual.title(),
        usual.owners(),
        usual.primary(),
        usual.source(),
        usual.folders(),
        usual.schedule(),
        maxMessageSize);
  }

  /// Limits under which a server that says nothing is left soon.
  static ImapLimits impatient(Duration patience) {
    return new ImapLimits(1L << 30, patience, patience.multipliedBy(4), patience.multipliedBy(8));
  }

  /// Runs once with limits that no configuration can say.
  CaptureOutcome.Finished capture(AccountConfig account, ImapLimits limits) throws IOException {
    return capture(account, limits, progress());
  }

  CaptureOutcome.Finished capture(AccountConfig account, ImapLimits limits, SourceProgress progress)
      throws IOException {
    Clock clock = Clock.systemUTC();
    progress.follow();
    ImapSource source =
        new ImapSource(
            (SourceConfig.Imap) account.source(),
            temporary(),
            new Credentials(folder.resolve("tokens"), clock),
            limits);
    Intake intake =
        new Intake(
            account.name(),
            writer,
            progress,
            new Receipts(writer, progress),
            CaptureProgress.NONE,
            () -> false,
            clock);
    return new AccountRun(account, source, intake).run(clock.instant());
  }

  SourceProgress progress() {
    return new CatalogueProgress(catalogue, follower);
  }

  /// What the product's own verification finds in the archive of a folder.
  static Report verify(Path folder) throws IOException {
    return Verifier.verify(folder.resolve("archive"), RootKeys.NONE, Progress.NONE);
  }

  Capture capture() {
    return capture(Clock.systemUTC());
  }

  Capture capture(Clock clock) {
    return new Capture(
        writer,
        new CatalogueProgress(catalogue, follower),
        new CatalogueJournal(archive, catalogue),
        temporary(),
        new Credentials(folder.resolve("tokens"), clock),
        clock);
  }

  CaptureOutcome.Finished capture(AccountConfig account) {
    CaptureOutcome outcome = capture().run(account, CaptureProgress.NONE, () -> false);
    if (outcome instanceof CaptureOutcome.Finished finished) {
      return finished;
    }
    throw new AssertionError(outcome);
  }

  /// All durable entries whose event is of a kind.
  <E extends Event> List<E> events(Class<E> kind) throws IOException {
    List<E> events = new ArrayList<>();
    for (Entry entry : entries()) {
      if (kind.isInstance(entry.event())) {
        events.add(kind.cast(entry.event()));
      }
    }
    return events;
  }

  List<Entry> entries() throws IOException {
    return entriesFrom(0);
  }

  /// Makes durable what a run that ended in between would have observed.
  void record(Event.Observation observation) throws IOException {
    writer.append(observation);
    writer.commit();
  }

  /// Number of durable entries.
  long size() throws IOException {
    return archive.size();
  }

  List<Entry> entriesFrom(long leaf) throws IOException {
    List<Entry> list = new ArrayList<>();
    try (Entries entries = archive.entriesFrom(leaf)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        list.add(entry);
      }
    }
    return list;
  }

  /// What an IMAP server knows the message by.
  static Event.SourceUid source(Event.Placement placement) {
    return (Event.SourceUid) placement.source();
  }

  byte[] octets(Entry entry) throws IOException {
    if (entry.event() instanceof Event.Placement placement && entry.location() != null) {
      try (InputStream in = archive.open(placement.content(), entry.location(), 0)) {
        return in.readAllBytes();
      }
    }
    throw new AssertionError("no octets: " + entry);
  }

  /// Octets in the journals.
  long journalSize() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("archive/journal"))) {
      long size = 0;
      for (Path file : files.toList()) {
        size += Files.size(file);
      }
      return size;
    }
  }

  @Override
  public void close() throws IOException {
    try (archive;
        catalogue;
        follower;
        writer) {
      // closed in the reverse order
    }
  }
}
