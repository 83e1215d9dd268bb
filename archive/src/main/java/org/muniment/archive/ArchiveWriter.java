package org.muniment.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.ContentWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.MailboxState;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.format.Content;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.FrameWriter;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.format.State;
import org.muniment.archive.log.LogWriter;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Pin;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.StoreUnavailableException;
import org.muniment.archive.store.WriterLock;

/// Appends to an archive. Safe for use by many threads. What was appended counts as archived only
/// when [#commit] has returned normally after it; concurrent commits share their syncs.
///
/// The order of writing: octets, then events, then one sync of the journal, then the leaves' tiles,
/// then the checkpoint. A crash between any two leaves nothing acknowledged that is not there. Each
/// message is read back from the frames as they were written, and compared, before that.
///
/// The first failed write closes the writer for good: every later call throws. What was committed
/// stays.
public final class ArchiveWriter implements Closeable {

  /// Mailboxes of an archive: each seal and each journal repeats them all, in some 75 octets each.
  static final int MAX_MAILBOXES = 500_000;

  /// Octets of messages held from which on they are written.
  private static final long MOST_HELD = 8 << 20;

  /// How long a journal stays that was sealed: as long as a slow copy of the archive may take.
  private static final Duration RETIREMENT = Duration.ofHours(24);

  /// How long something lies in journals at most.
  private static final Duration SEALED_AFTER = Duration.ofDays(1);

  private final Archive archive;
  private final ContentIndex index;
  private final WriterLock lock;
  private final Clock clock;
  private final long journalSize;
  private final SecureRandom random = new SecureRandom();
  private final LogWriter log;
  private final Preparation preparation;
  private volatile LongConsumer committed = size -> {};

  /// Guards all below it up to the next comment. Not held during a sync, but for the one that ends
  /// a journal.
  private final Object appending = new Object();

  private final Map<MailboxId, MailboxState> mailboxes;

  /// Messages that the index does not know yet, with the leaf of the placement that brought them,
  /// oldest first. What is prepared may look into it without the lock: it is looked at again when
  /// its turn comes.
  private final Map<ContentId, Long> recent = Collections.synchronizedMap(new LinkedHashMap<>());

  private final ReadBack readBack;
  private List<LoggedEvent> unpublished = new ArrayList<>();
  private long appended;
  private Instant time;
  private long sealed;

  /// Looked at without the lock as [#recent] is.
  private volatile @Nullable OpenJournal journal;

  /// Held by the one thread that makes things durable; taken before [#appending]. Guards the log,
  /// but that a journal begins, under [#appending], only while there is nothing to publish.
  private final Object committing = new Object();

  /// Held by the one thread that seals; taken before [#committing].
  private final Object sealing = new Object();

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
    this.readBack = new ReadBack(archive.contents());
    this.log = replay.log();
    this.preparation = new Preparation(archive, index, new Unindexed());
    this.mailboxes = new HashMap<>(replay.state().mailboxes());
    this.time = replay.state().time();
    this.sealed = replay.state().sealed();
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
          recent.put(placement.content(), entry.index());
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
      if (mailboxes.size() >= MAX_MAILBOXES) {
        throw new StoreRefusedException(
            "the archive has %,d mailboxes, the most there can be: begin another archive"
                .formatted(MAX_MAILBOXES));
      }
      append(json);
      mailboxes.put(mailbox.id(), MailboxState.created(mailbox));
    }
    return mailbox;
  }

  /// Begins to hash, cut and compress a message, in a thread of the writer, before it is appended.
  /// Of one writer a few messages are worked at at once, whoever brings them.
  ///
  /// @param octets up to 1 MiB, with a large heap up to 8 MiB, are held in memory
  public Arrival prepare(Octets octets) throws ArchiveException {
    requireUsable();
    try {
      return preparation.begin(octets);
    } catch (RejectedExecutionException e) {
      throw new StoreUnavailableException("the writer was closed", e);
    }
  }

  /// Appends a message at a place, here and now: see the next.
  ///
  /// @param octets read before this returns, but for those of up to 8 MiB, which it may hold
  public Event.Placement append(
      Octets octets,
      AccountName account,
      MailboxId mailbox,
      Event.SourceId source,
      Instant internalDate,
      Set<SourceText> flags,
      Event.Provenance provenance)
      throws IOException {
    return append(
        preparation.draft(octets), account, mailbox, source, internalDate, flags, provenance);
  }

  /// Appends a message at a place. Octets that the archive holds already are not stored again; the
  /// placement is recorded all the same. The octets are not read any more when this has returned.
  ///
  /// @return the event as appended, with the UID that the mailbox gave
  /// @throws IllegalArgumentException when the archive has no such mailbox, or the mailbox has no
  ///   UID left
  /// @throws IOException also when the octets cannot be read
  public Event.Placement append(
      Arrival message,
      AccountName account,
      MailboxId mailbox,
      Event.SourceId source,
      Instant internalDate,
      Set<SourceText> flags,
      Event.Provenance provenance)
      throws IOException {
    return append(message.draft(), account, mailbox, source, internalDate, flags, provenance);
  }

  private Event.Placement append(
      Preparation.Draft draft,
      AccountName account,
      MailboxId mailbox,
      Event.SourceId source,
      Instant internalDate,
      Set<SourceText> flags,
      Event.Provenance provenance)
      throws IOException {
    Incoming message = draft.message();
    Event.Placement placement;
    ReadBack.@Nullable Check check;
    synchronized (appending) {
      // Before the octets, so that nothing is stored for a placement that cannot be.
      placement =
          next(
              message.id(),
              message.octets().length(),
              account,
              mailbox,
              source,
              internalDate,
              flags,
              provenance);
      byte[] json = json(placement);
      append(isKnown(draft) ? null : store(draft), json);
      take(placement);
      check = written(!message.held());
    }
    check(check);
    return placement;
  }

  /// The next placement in a mailbox; it has no UID of it before [#take].
  private Event.Placement next(
      ContentId content,
      long length,
      AccountName account,
      MailboxId mailbox,
      Event.SourceId source,
      Instant internalDate,
      Set<SourceText> flags,
      Event.Provenance provenance) {
    MailboxState state = mailboxes.get(mailbox);
    if (state == null) {
      throw new IllegalArgumentException("the archive has no mailbox " + mailbox);
    }
    Uid uid = new Uid(state.uidNext());
    return new Event.Placement(
        account, mailbox, content, length, source, uid, internalDate, flags, provenance);
  }

  private void take(Event.Placement placement) {
    mailboxes.computeIfPresent(
        placement.mailbox(), (mailbox, state) -> state.after(placement.uid()));
  }

  /// Appends a message that the archive has at one more place.
  ///
  /// @param content its id
  /// @param length its octets
  /// @return the event as appended; null when the archive does not have it where the index says,
  ///   and nothing was appended then
  /// @throws IllegalArgumentException when the archive has no such mailbox, or the mailbox has no
  ///   UID left
  public Event.@Nullable Placement place(
      ContentId content,
      long length,
      AccountName account,
      MailboxId mailbox,
      Event.SourceId source,
      Instant internalDate,
      Set<SourceText> flags,
      Event.Provenance provenance)
      throws ArchiveException {
    if (!recent.containsKey(content) && !isIndexed(content, length)) {
      return null;
    }
    synchronized (appending) {
      Event.Placement placement =
          next(content, length, account, mailbox, source, internalDate, flags, provenance);
      append(null, json(placement));
      take(placement);
      return placement;
    }
  }

  private boolean isIndexed(ContentId content, long length) throws ArchiveException {
    Location location = index.find(content);
    return location != null && archive.has(content, length, location);
  }

  /// What was recent at the first look may have moved to the index since.
  private boolean isKnown(Preparation.Draft draft) throws IOException {
    return draft.known()
        || recent.containsKey(draft.message().id())
        || (forgotten != draft.forgotten() && preparation.isIndexed(draft.message()));
  }

  private MessageRecord store(Preparation.Draft draft) throws IOException {
    Incoming message = draft.message();
    Incoming.@Nullable Prepared prepared = draft.prepared();
    Incoming.Prepared ready = prepared == null ? preparation.cut(message) : prepared;
    MessageRecord record = guarded(() -> ready.writeParts(journal().content));
    recent.put(message.id(), appended);
    readBack.hold(message.id(), message.octets());
    return record;
  }

  /// What is not in the index yet, for those who prepare.
  private final class Unindexed implements Preparation.Writing {
    @Override
    public boolean hasRecent(ContentId message) {
      return recent.containsKey(message);
    }

    @Override
    public boolean hasInJournal(ContentId part) {
      OpenJournal open = journal;
      return open != null && open.content.part(part) != null;
    }

    @Override
    public long forgotten() {
      return forgotten;
    }
  }

  /// Messages as they are on the disk now, whatever this program remembers of them.
  ///
  /// @return to be closed
  public Reread reread() {
    return new Reread(archive.anew(), index);
  }

  /// Appends what was observed.
  ///
  /// @throws IllegalArgumentException when its JSON is longer than 48 MiB
  public void append(Event.Observation observation) throws ArchiveException {
    append(json(observation));
  }

  private static byte[] json(Event event) {
    byte[] json = EventJson.write(event);
    if (json.length > LoggedEvent.MAX_EVENT) {
      throw new IllegalArgumentException("an event of " + json.length + " octets");
    }
    return json;
  }

  private void append(byte[] json) throws ArchiveException {
    ReadBack.@Nullable Check check;
    synchronized (appending) {
      append(null, json);
      check = written(false);
    }
    check(check);
  }

  private void append(@Nullable MessageRecord message, byte[] json) throws ArchiveException {
    byte[] blind = new byte[LoggedEvent.BLIND];
    random.nextBytes(blind);
    guarded(this::journal);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    time = now.isBefore(time) ? time : now;
    LoggedEvent logged = new LoggedEvent(appended, time, blind, json);
    unpublished.add(logged);
    appended++;
    guarded(
        () -> {
          journal().content.add(message, logged);
          return logged;
        });
  }

  /// Hands the messages in frames that were written to one who checks them outside the lock; null
  /// when there are none.
  ///
  /// @param all whether everything held has to be written first
  private ReadBack.@Nullable Check written(boolean all) throws ArchiveException {
    OpenJournal to = journal;
    if (to == null) {
      return null;
    }
    return guarded(
        () -> {
          if (all || readBack.heldOctets() >= MOST_HELD) {
            to.content.writeMessages();
          }
          if (!readBack.isDue()) {
            return null;
          }
          to.frames.flush();
          return readBack.take();
        });
  }

  private void check(ReadBack.@Nullable Check check) throws ArchiveException {
    if (check == null) {
      return;
    }
    try {
      guarded(
          () -> {
            check.run();
            return check;
          });
    } catch (ArchiveException e) {
      throw e;
    } catch (IOException e) {
      throw new StoreUnavailableException("what was written cannot be compared", e);
    } finally {
      check.end();
      synchronized (appending) {
        readBack.ended(check);
      }
    }
  }

  /// The journal to write to; begun when there is none, which is at a point where all is published.
  private OpenJournal journal() throws ArchiveException {
    OpenJournal open = journal;
    if (open == null) {
      log.sync();
      JournalFile file =
          new JournalFile(archive.files().nextNumber(FileId.Kind.JOURNAL), log.size());
      State state = new State(mailboxes, time, sealed);
      FrameWriter frames = file.create(archive.disk(), archive.keys(), archive.id(), state);
      open =
          new OpenJournal(
              frames, new ContentWriter(frames, file.id(), Content.Effort.FAST, readBack));
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
        guarded(() -> makeDurable(false));
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

  /// @param end whether the journal ends here, whatever its size
  private long makeDurable(boolean end) throws ArchiveException {
    OpenJournal to;
    List<LoggedEvent> batch;
    ReadBack.@Nullable Check own;
    List<ReadBack.Check> others;
    synchronized (appending) {
      to = journal();
      to.content.flush();
      others = readBack.running();
      own = written(false);
      to.frames.flush();
      batch = unpublished;
      unpublished = new ArrayList<>();
      if (end || to.frames.position() >= journalSize) {
        long size = publish(to, batch, own, others);
        to.frames.close();
        journal = null;
        return size;
      }
    }
    return publish(to, batch, own, others);
  }

  private long publish(
      OpenJournal from,
      List<LoggedEvent> batch,
      ReadBack.@Nullable Check own,
      List<ReadBack.Check> others)
      throws ArchiveException {
    check(own);
    others.forEach(ReadBack.Check::join);
    requireUsable();
    from.frames.sync();
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
      synchronized (recent) {
        Iterator<Long> oldestFirst = recent.values().iterator();
        while (oldestFirst.hasNext() && oldestFirst.next() < indexed) {
          oldestFirst.remove();
          forgotten++;
        }
      }
    }
  }

  /// Seals what lies in journals when it is due: when it is a journal's size, or a day old. Removes
  /// the journals that were sealed a day ago.
  ///
  /// @param progress told of messages sealed and their octets
  /// @return the event, null when nothing was due
  public Event.@Nullable Seal sealDue(Progress progress) throws IOException {
    synchronized (sealing) {
      retire(RETIREMENT);
      return isSealDue() ? seal(progress) : null;
    }
  }

  private boolean isSealDue() throws ArchiveException {
    long octets = 0;
    for (JournalFile unsealed : unsealed(Long.MAX_VALUE)) {
      try (OpenFiles.Lease lease = archive.contents().files().lease(unsealed.id())) {
        octets += lease.file().size();
      }
    }
    if (octets >= journalSize) {
      return true;
    }
    Entry oldest = oldestUnsealed();
    return oldest != null && !oldest.time().plus(SEALED_AFTER).isAfter(clock.instant());
  }

  /// The first entry in the journals that is worth sealing.
  private @Nullable Entry oldestUnsealed() throws ArchiveException {
    try (Entries entries = archive.entriesFrom(sealed)) {
      Entry entry = entries.next();
      while (entry != null
          && (entry.event() instanceof Event.Seal || entry.event() instanceof Event.Recovery)) {
        entry = entries.next();
      }
      return entry;
    }
  }

  private List<JournalFile> unsealed(long endLeaf) throws ArchiveException {
    return archive.files().journals().stream()
        .filter(journal -> journal.firstLeaf() >= sealed && journal.firstLeaf() < endLeaf)
        .toList();
  }

  /// Rewrites everything that was committed as a segment. Appending and committing go on meanwhile.
  ///
  /// @param progress told of messages sealed and their octets
  /// @return the event, null when there is nothing to seal
  public Event.@Nullable Seal seal(Progress progress) throws IOException {
    synchronized (sealing) {
      long endLeaf = endJournal();
      List<JournalFile> journals = unsealed(endLeaf);
      if (journals.isEmpty() || oldestUnsealed() == null) {
        return null;
      }
      Event.SealedSegment segment =
          Sealer.seal(archive, index, journals, endLeaf, clock.instant(), progress);
      Event.Seal seal;
      synchronized (appending) {
        seal =
            new Event.Seal(
                journals.getFirst().number(),
                journals.getLast().number(),
                journals.getFirst().firstLeaf(),
                endLeaf,
                List.of(segment),
                List.copyOf(mailboxes.values()));
        append(json(seal));
        // With the event, because the next journal may begin with the commit.
        sealed = endLeaf;
      }
      commit();
      return seal;
    }
  }

  /// @return first leaf of the journal that comes next
  private long endJournal() throws ArchiveException {
    synchronized (committing) {
      synchronized (appending) {
        requireUsable();
        if (journal != null) {
          guarded(() -> makeDurable(true));
        }
        return appended;
      }
    }
  }

  /// Removes journals that were sealed some time ago, unless a backup holds them.
  ///
  /// @param after how long ago at least
  /// @return number of journals removed; empty when there are some and a backup is running
  public OptionalInt retire(Duration after) throws ArchiveException {
    synchronized (sealing) {
      requireUsable();
      Instant sealedBefore = clock.instant().minus(after);
      long retired = 0;
      for (SegmentFile segment : archive.files().segments()) {
        if (segment.endLeaf() <= sealed && !segment.sealed().isAfter(sealedBefore)) {
          retired = Math.max(retired, segment.endLeaf());
        }
      }
      long end = retired;
      List<JournalFile> journals =
          archive.files().journals().stream().filter(journal -> journal.firstLeaf() < end).toList();
      boolean free = journals.isEmpty() || Pin.unlessHeld(pin(), () -> remove(journals));
      return free ? OptionalInt.of(journals.size()) : OptionalInt.empty();
    }
  }

  private Path pin() {
    return archive.directory().resolve(Pin.NAME);
  }

  private void remove(List<JournalFile> journals) throws ArchiveException {
    for (JournalFile journal : journals) {
      archive.files().remove(journal.id());
    }
  }

  private <T extends @Nullable Object, E extends IOException> T guarded(Step<T, E> step)
      throws E, ArchiveException {
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
    preparation.close();
    synchronized (sealing) {
      synchronized (committing) {
        synchronized (appending) {
          if (failure == null) {
            failure = new IllegalStateException("the writer was closed");
          }
          try {
            if (journal != null) {
              journal.frames.close();
            }
          } finally {
            lock.close();
          }
        }
      }
    }
  }

  private interface Step<T extends @Nullable Object, E extends IOException> {
    T run() throws E;
  }

  private record OpenJournal(FrameWriter frames, ContentWriter content) {}
}
