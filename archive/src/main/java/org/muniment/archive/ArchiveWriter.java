package org.muniment.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.JournalWriter;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.State;
import org.muniment.archive.log.LogWriter;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.StoreUnavailableException;
import org.muniment.archive.store.WriterLock;

/// Appends to an archive. Safe for use by many threads. What was appended counts as archived only
/// when [#commit] has returned normally after it; concurrent commits share their syncs.
///
/// The order of writing: octets, then events, then one sync of the journal, then the leaves' tiles,
/// then the checkpoint. A crash between any two leaves nothing acknowledged that is not there.
///
/// The first failed write closes the writer for good: every later call throws. What was committed
/// stays.
public final class ArchiveWriter implements Closeable {

  private static final int EVENTS_SIZE = 256 << 10;

  /// So that a frame of [#EVENTS_SIZE] and one event more is well within what a reader takes.
  private static final int MAX_EVENT = 16 << 20;

  private final Archive archive;
  private final ContentIndex index;
  private final WriterLock lock;
  private final Clock clock;
  private final long journalSize;
  private final SecureRandom random = new SecureRandom();
  private final LogWriter log;
  private volatile LongConsumer committed = size -> {};

  /// Guards all below it up to the next comment. Not held during a sync, but for the one that ends
  /// a journal.
  private final Object appending = new Object();

  private final Map<MailboxId, Long> nextUids;
  private final Map<ContentId, Recent> recent = new LinkedHashMap<>();
  private final List<LoggedEvent> unwritten = new ArrayList<>();
  private List<LoggedEvent> unpublished = new ArrayList<>();
  private long unwrittenOctets;
  private long appended;
  private Instant time;
  private @Nullable OpenJournal journal;

  /// Held by the one thread that makes things durable; taken before [#appending]. Guards the log,
  /// but that a journal begins, under [#appending], only while there is nothing to publish.
  private final Object committing = new Object();

  private volatile long durable;
  private volatile long forgotten;
  private volatile @Nullable Throwable failure;

  private ArchiveWriter(
      Archive archive,
      ContentIndex index,
      WriterLock lock,
      Clock clock,
      long journalSize,
      Replay replay) {
    this.archive = archive;
    this.index = index;
    this.lock = lock;
    this.clock = clock;
    this.journalSize = journalSize;
    this.log = replay.log();
    this.nextUids = new HashMap<>(replay.state().nextUids());
    this.time = replay.state().time();
    this.appended = log.size();
    this.durable = log.size();
  }

  static ArchiveWriter open(
      Archive archive, ContentIndex index, WriterLock lock, Clock clock, long journalSize)
      throws ArchiveException {
    Replay replay = Replay.of(archive);
    ArchiveWriter writer = new ArchiveWriter(archive, index, lock, clock, journalSize, replay);
    writer.rememberRecent();
    Event.Recovery recovery = replay.recovery();
    if (recovery != null) {
      writer.append(json(recovery));
      writer.commit();
    }
    return writer;
  }

  /// The octets that the index does not know yet.
  private void rememberRecent() throws ArchiveException {
    if (index.position() > durable) {
      throw new StoreRefusedException(
          "the index knows of "
              + index.position()
              + " log entries and the archive holds "
              + durable
              + ": it belongs to another archive or to a newer copy of this one; build it anew");
    }
    try (Entries entries = archive.entriesFrom(index.position())) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.event() instanceof Event.Placement placement && entry.location() != null) {
          recent.put(placement.content(), new Recent(entry.location(), entry.index()));
        }
      }
    }
  }

  /// Has `listener` told of the number of durable entries after each commit that raised it, from
  /// the committing thread.
  public void onCommit(LongConsumer listener) {
    committed = listener;
  }

  /// Appends a mailbox and gives it its identity and its UIDVALIDITY.
  ///
  /// @param name as the source sent it
  /// @param delimiter the source's hierarchy delimiter, `""` for a flat name
  /// @param attributes name attributes, such as `\Sent`
  public Event.MailboxCreated createMailbox(
      AccountName account, SourceText name, String delimiter, Set<String> attributes)
      throws ArchiveException {
    Event.MailboxCreated mailbox =
        new Event.MailboxCreated(
            account,
            MailboxId.random(random),
            name,
            delimiter,
            attributes,
            new UidValidity(clock.instant().getEpochSecond() & Uid.MAX));
    byte[] json = json(mailbox);
    synchronized (appending) {
      append(json);
      nextUids.put(mailbox.id(), 1L);
    }
    return mailbox;
  }

  /// Appends a message at a place. Octets that the archive holds already are not stored again; the
  /// placement is recorded all the same.
  ///
  /// @return the event as appended, with the UID that the mailbox gave
  /// @throws IllegalArgumentException when the archive has no such mailbox, or the mailbox has no
  ///   UID left
  /// @throws IOException also when the octets cannot be read
  public Event.Placement append(
      Octets octets,
      AccountName account,
      MailboxId mailbox,
      Event.SourceUid source,
      Instant internalDate,
      Set<SourceText> flags,
      Event.Provenance provenance)
      throws IOException {
    Message message = Message.read(octets);
    long forgottenBefore = forgotten;
    boolean known = index.find(message.id) != null;
    byte[] frames = known ? null : message.frames();
    synchronized (appending) {
      Long uid = nextUids.get(mailbox);
      if (uid == null) {
        throw new IllegalArgumentException("the archive has no mailbox " + mailbox);
      }
      // Before the octets, so that nothing is stored for a placement that cannot be.
      Event.Placement placement =
          new Event.Placement(
              account,
              mailbox,
              message.id,
              octets.length(),
              source,
              new Uid(uid),
              internalDate,
              flags,
              provenance);
      byte[] json = json(placement);
      // What was recent at the first look may have moved to the index since.
      known |= forgotten != forgottenBefore && index.find(message.id) != null;
      if (!known && !recent.containsKey(message.id)) {
        recent.put(message.id, new Recent(store(message, frames), appended));
      }
      append(json);
      nextUids.put(mailbox, uid + 1);
      return placement;
    }
  }

  /// Appends a completeness receipt.
  ///
  /// @throws IllegalArgumentException when its JSON is longer than 16 MiB
  public void append(Event.Poll poll) throws ArchiveException {
    append(json(poll));
  }

  private Location store(Message message, byte @Nullable [] frames) throws IOException {
    return guarded(
        () -> {
          OpenJournal to = journal();
          long at;
          if (frames != null) {
            at = to.writer.writeMessage(frames);
          } else {
            try (InputStream in = message.octets.open()) {
              at = to.writer.writeMessage(message.id, message.octets.length(), in);
            }
          }
          return new JournalPlace(to.number, at).location();
        });
  }

  private static byte[] json(Event event) {
    byte[] json = EventJson.write(event);
    if (json.length > MAX_EVENT) {
      throw new IllegalArgumentException("an event of " + json.length + " octets");
    }
    return json;
  }

  private void append(byte[] json) throws ArchiveException {
    byte[] blind = new byte[LoggedEvent.BLIND];
    random.nextBytes(blind);
    synchronized (appending) {
      guarded(this::journal);
      Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      time = now.isBefore(time) ? time : now;
      LoggedEvent logged = new LoggedEvent(time, blind, json);
      unwritten.add(logged);
      unpublished.add(logged);
      unwrittenOctets += logged.length();
      appended++;
      if (unwrittenOctets >= EVENTS_SIZE) {
        guarded(this::writeEvents);
      }
    }
  }

  private OpenJournal writeEvents() throws ArchiveException {
    OpenJournal to = journal();
    if (!unwritten.isEmpty()) {
      to.writer.writeEvents(appended - unwritten.size(), unwritten);
      unwritten.clear();
      unwrittenOctets = 0;
    }
    return to;
  }

  /// The journal to write to; begun when there is none, which is at a point where all is published.
  private OpenJournal journal() throws ArchiveException {
    OpenJournal open = journal;
    if (open == null) {
      log.sync();
      List<String> names = archive.disk().list(JournalFile.FOLDER);
      long number = names.isEmpty() ? 1 : JournalFile.number(names.getLast()) + 1;
      byte[] state = new State(nextUids, time).write();
      JournalFile file = new JournalFile(number, log.size());
      open =
          new OpenJournal(number, JournalWriter.create(archive.disk(), archive.id(), file, state));
      log.settle();
      journal = open;
    }
    return open;
  }

  /// Returns when everything appended before is durable: octets and events, then log and
  /// checkpoint.
  ///
  /// @return number of log entries that are durable
  public long commit() throws ArchiveException {
    long target;
    synchronized (appending) {
      requireUsable();
      target = appended;
    }
    synchronized (committing) {
      if (durable < target) {
        guarded(this::makeDurable);
        committed.accept(durable);
      }
      return durable;
    }
  }

  /// Keeps the newest checkpoint in the archive for ever. To be called before it is sent outside.
  ///
  /// @return what is to be sent
  /// @throws org.muniment.archive.store.CorruptArchiveException when another checkpoint of the same
  ///   size was kept before
  public SignedCheckpoint keepCheckpoint() throws ArchiveException {
    synchronized (committing) {
      return guarded(archive::keepCheckpoint);
    }
  }

  private long makeDurable() throws ArchiveException {
    OpenJournal to;
    List<LoggedEvent> batch;
    synchronized (appending) {
      to = writeEvents();
      to.writer.flush();
      batch = unpublished;
      unpublished = new ArrayList<>();
      if (to.writer.position() >= journalSize) {
        long size = publish(to, batch);
        to.writer.close();
        journal = null;
        return size;
      }
    }
    return publish(to, batch);
  }

  private long publish(OpenJournal from, List<LoggedEvent> batch) throws ArchiveException {
    from.writer.sync();
    for (LoggedEvent logged : batch) {
      log.append(logged.leaf());
    }
    durable = log.publish().size();
    forgetIndexed();
    return durable;
  }

  private void forgetIndexed() {
    long indexed = index.position();
    synchronized (appending) {
      Iterator<Recent> oldestFirst = recent.values().iterator();
      while (oldestFirst.hasNext() && oldestFirst.next().leaf < indexed) {
        oldestFirst.remove();
        forgotten++;
      }
    }
  }

  private <T, E extends IOException> T guarded(Step<T, E> step) throws E, ArchiveException {
    requireUsable();
    try {
      return step.run();
    } catch (Throwable t) {
      failure = t;
      throw t;
    }
  }

  private void requireUsable() throws StoreUnavailableException {
    Throwable cause = failure;
    if (cause != null) {
      throw new StoreUnavailableException(
          "the archive is closed to writing since an earlier failure: " + cause.getMessage(),
          cause);
    }
  }

  /// Closes the archive to writing. What was appended and not committed may be lost.
  @Override
  public void close() throws ArchiveException {
    synchronized (committing) {
      synchronized (appending) {
        if (failure == null) {
          failure = new IllegalStateException("the writer was closed");
        }
        try {
          if (journal != null) {
            journal.writer.close();
          }
        } finally {
          lock.close();
        }
      }
    }
  }

  private interface Step<T, E extends IOException> {
    T run() throws E;
  }

  private record OpenJournal(long number, JournalWriter writer) {}

  /// Octets that the index does not know yet.
  ///
  /// @param leaf of the placement that brought them
  private record Recent(Location location, long leaf) {}

  /// A message whose octets were read once.
  @SuppressWarnings("ArrayRecordComponent")
  private record Message(ContentId id, Octets octets, byte @Nullable [] small) {

    static Message read(Octets octets) throws IOException {
      MessageDigest digest = TreeHash.sha256();
      try (InputStream in = octets.open()) {
        if (octets.length() <= JournalWriter.PIECE) {
          byte[] all = in.readNBytes(JournalWriter.PIECE + 1);
          requireLength(octets, all.length);
          return new Message(ContentId.of(digest.digest(all)), octets, all);
        }
        long read = new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
        requireLength(octets, read);
        return new Message(ContentId.of(digest.digest()), octets, null);
      }
    }

    private static void requireLength(Octets octets, long read) throws IOException {
      if (read != octets.length()) {
        throw new IOException("octets of length " + octets.length() + " gave " + read);
      }
    }

    byte @Nullable [] frames() {
      return small == null ? null : JournalWriter.smallMessage(id, small);
    }
  }
}
