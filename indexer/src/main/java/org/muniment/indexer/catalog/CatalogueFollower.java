package org.muniment.indexer.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.Entries;
import org.muniment.archive.Entry;
import org.muniment.archive.content.HeaderDigest;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a catalogue up to its archive: entry by entry from the catalogue's own position, in
/// batches, reading each new message once. A catalogue that is ahead of the archive, or that
/// followed another one, is emptied and made again.
///
/// Works in the thread of whoever calls [#catchUp], and in one of its own once started. Safe for
/// use by many threads.
public final class CatalogueFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CatalogueFollower.class);

  private static final int MAX_BATCH_ENTRIES = 1_000;

  /// What is kept of a message until the batch is applied is seldom much, but at worst some times
  /// its octets.
  private static final long MAX_BATCH_OCTETS = 8L << 20;

  /// What one recipient of an event takes, about.
  private static final long RECIPIENT_OCTETS = 400;

  /// Behind by more entries than this, it does not stand back: a writer remembers what is not
  /// catalogued yet.
  private static final int MOST_BEHIND = 20_000;

  private final Archive archive;
  private final Catalogue catalogue;
  private final CatalogueWriter writer;
  private final Progress progress;
  private final Runnable advanced;
  private final Reading reading;
  private final Follower follower;
  private boolean compared;
  private long octets;

  /// @param progress told of log entries applied, counted from the beginning of the log, and of
  ///   octets read by this follower
  /// @param advanced run after each batch: the catalogue knows more; must be quick
  public CatalogueFollower(
      Archive archive, Catalogue catalogue, Progress progress, Runnable advanced) {
    this(archive, catalogue, progress, advanced, StructureReader::read);
  }

  CatalogueFollower(
      Archive archive, Catalogue catalogue, Progress progress, Runnable advanced, Reading reading) {
    this.archive = archive;
    this.catalogue = catalogue;
    this.writer = catalogue.writer();
    this.progress = progress;
    this.advanced = advanced;
    this.reading = reading;
    this.follower = new Follower("catalogue", this::follow);
  }

  /// Begins to follow in a thread of its own, until closed.
  public void start() {
    follower.start();
  }

  /// Has it stand back while this is so.
  public void standBackWhile(BooleanSupplier busy) {
    follower.standBackWhile(() -> busy.getAsBoolean() && behind() < MOST_BEHIND);
  }

  private long behind() {
    try {
      return archive.size() - writer.position().entries();
    } catch (IOException e) {
      return Long.MAX_VALUE; // the work itself meets it, too
    }
  }

  /// Says that the archive may have more.
  public void signal() {
    follower.signal();
  }

  /// Follows to the end of the archive, here and now.
  ///
  /// @throws IOException when the archive cannot be read
  /// @throws RuntimeException when the catalogue cannot be written
  public void catchUp() throws IOException {
    follower.run();
  }

  /// Why it does not follow at present; empty when it does.
  public Optional<Exception> failure() {
    return follower.failure();
  }

  /// Ends after the present batch.
  @Override
  public void close() {
    follower.close();
  }

  private void follow() throws IOException {
    if (!compared) {
      compare();
      compared = true;
    }
    while (!follower.ending() && writer.position().entries() < archive.size()) {
      followOnce();
    }
  }

  private void compare() throws IOException {
    CatalogueWriter.Position position = writer.position();
    if (position.entries() == 0) {
      return;
    }
    if (position.entries() > archive.size()) {
      LOG.warn(
          "the catalogue is at {} of a log that has {} entries; it is made again",
          position.entries(),
          archive.size());
      catalogue.clear();
    } else if (!position.mark().equals(markBefore(position.entries()))) {
      LOG.warn("the catalogue was made from another archive; it is made again");
      catalogue.clear();
    }
  }

  private String markBefore(long position) throws IOException {
    try (Entries entries = archive.entriesFrom(position - 1)) {
      @Nullable Entry last = entries.next();
      return last == null ? "" : LogMark.of(last);
    }
  }

  /// Applies what the archive has as of now, or until another process is found to do the same.
  private void followOnce() throws IOException {
    try (Entries entries = archive.entriesFrom(writer.position().entries())) {
      while (!follower.ending()) {
        List<Entry> next = nextEntries(entries);
        if (next.isEmpty() || !writer.apply(batch(next), archive::sealed)) {
          return;
        }
        progress.at(next.getLast().index() + 1, octets);
        advanced.run();
        follower.breathe();
      }
    }
  }

  private static List<Entry> nextEntries(Entries entries) throws IOException {
    List<Entry> next = new ArrayList<>();
    long length = 0;
    while (next.size() < MAX_BATCH_ENTRIES && length < MAX_BATCH_OCTETS) {
      @Nullable Entry entry = entries.next();
      if (entry == null) {
        break;
      }
      next.add(entry);
      length += weight(entry.event());
    }
    return next;
  }

  /// What a batch that has the event reads or holds, in octets.
  private static long weight(Event event) {
    if (event instanceof Event.Placement placement) {
      return placement.length();
    }
    return event instanceof Event.Unwrapped unwrapped
            && unwrapped.finding() instanceof Event.JournalReport report
        ? RECIPIENT_OCTETS * report.transmission().recipients().size()
        : 0;
  }

  private Batch batch(List<Entry> entries) throws IOException {
    List<ContentId> contents =
        entries.stream()
            .map(Entry::event)
            .filter(Event.Placement.class::isInstance)
            .map(event -> ((Event.Placement) event).content())
            .toList();
    Map<ContentId, Integer> known = writer.known(contents);
    Map<ContentId, Headline> fresh = new HashMap<>();
    for (Entry entry : entries) {
      if (entry.event() instanceof Event.Placement placement
          && !known.containsKey(placement.content())
          && !fresh.containsKey(placement.content())) {
        fresh.put(placement.content(), read(entry, placement));
      }
    }
    return new Batch(entries, known, fresh);
  }

  private Headline read(Entry entry, Event.Placement placement) throws IOException {
    try (InputStream stream =
        archive.open(placement.content(), Objects.requireNonNull(entry.location()), 0)) {
      octets += placement.length();
      return headline(stream, placement);
    }
  }

  /// A message that breaks its reader, which none should, is catalogued as octets that nobody can
  /// read: it must not keep back all that came after it.
  private Headline headline(InputStream stream, Event.Placement placement) throws IOException {
    HeaderDigest digest = new HeaderDigest(stream);
    ListedFields.Reading message = new ListedFields.Reading(digest);
    try {
      return Headline.of(reading.read(message), digest.digest(), message.fields());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("message {}: what it is made of cannot be read", placement.content(), e);
      return Headline.of(Structure.unreadable(placement.length()), digest.digest(), null);
    }
  }

  /// How a message is read.
  @FunctionalInterface
  interface Reading {
    Structure read(InputStream octets) throws IOException;
  }
}
