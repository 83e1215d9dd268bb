package org.muniment.archive.verify;

import java.io.Closeable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.MailboxState;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.format.State;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.TileTree;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// Reads all events in order of the log: hashes them into leaves, grows the tree, compares it with
/// the tiles and with every checkpoint, and follows what the events lead to.
///
/// An event that a segment and a journal both hold must be the same in both. Where no file holds an
/// event, the log's own copy of its leaf stands in, so that the rest can be checked.
final class LogCheck implements Closeable {

  /// What the run knows of the log from elsewhere: a name for it, and what it says.
  record Known(String name, Checkpoint checkpoint) {}

  private final Verification run;
  private final Findings findings;
  private final FrameFiles files;
  private final TileCheck tiles;
  private final long covered;
  private final Map<Long, List<Known>> known = new HashMap<>();
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<EventSource> sources = new ArrayList<>();
  private final List<Sealed> seals = new ArrayList<>();
  private final List<String> unfinished = new ArrayList<>();
  private final Map<MailboxId, MailboxState> mailboxes = new HashMap<>();

  /// Null from where a leaf is lost altogether.
  private @Nullable TileTree tree;

  private long position;
  private Instant time = Instant.EPOCH;
  private long sealed;

  /// Whether the state is that of all events before: not behind a gap, nor in the middle of a log.
  private boolean certain;

  private boolean lost;

  /// @param from number of leaves that were verified before
  /// @param covered number of leaves that the checkpoint covers
  /// @param known checkpoints, among them the one to verify
  LogCheck(
      Verification run,
      FrameFiles files,
      TileCheck tiles,
      long from,
      long covered,
      List<Known> known)
      throws ArchiveException {
    this.run = run;
    this.findings = run.findings();
    this.files = files;
    this.tiles = tiles;
    this.covered = covered;
    this.position = from;
    this.certain = from == 0;
    known.forEach(
        k -> this.known.computeIfAbsent(k.checkpoint.size(), s -> new ArrayList<>()).add(k));
    this.tree = from == 0 ? new TileTree() : TileTree.read(run.disk(), TileCheck.LOG, from);
    for (SegmentFile segment : files.segments()) {
      if (segment.endLeaf() > from) {
        candidates.add(new Candidate(segment.firstLeaf(), segment.id(), SegmentFile.HEADER));
      }
    }
    for (JournalFile journal : files.journals()) {
      JournalFile following = files.following(journal);
      if (following == null || following.firstLeaf() > from) {
        candidates.add(new Candidate(journal.firstLeaf(), journal.id(), JournalFile.HEADER));
      }
    }
    candidates.sort(Comparator.comparingLong(Candidate::first));
  }

  /// A file whose events come at some leaf.
  private record Candidate(long first, FileId file, long offset) {}

  /// What a `seal` event says of segments: without its mailboxes, of which all seals together have
  /// more than memory holds.
  record Sealed(long firstLeaf, long endLeaf, List<Event.SealedSegment> segments) {
    static Sealed of(Event.Seal seal) {
      return new Sealed(seal.firstLeaf(), seal.endLeaf(), seal.segments());
    }
  }

  /// The `seal` events met, in order.
  List<Sealed> seals() {
    return seals;
  }

  /// What was met behind the checkpoint that a crash may have left.
  List<String> unfinished() {
    return unfinished;
  }

  /// Whether an event that the checkpoint covers is in no file.
  boolean lost() {
    return lost;
  }

  /// Number of whole events, from the first on.
  long position() {
    return position;
  }

  void check() throws ArchiveException {
    checkKnown();
    while (position < covered) {
      LoggedEvent event = event();
      if (event == null) {
        gap();
      } else {
        take(event);
      }
    }
    TileTree grown = tree;
    if (grown != null) {
      grown.partial(tiles::last);
    }
    readOn();
  }

  /// Events behind the checkpoint: a `seal` among them names its segments all the same.
  private void readOn() throws ArchiveException {
    long before = position;
    for (LoggedEvent event = event(); event != null; event = event()) {
      try {
        if (event.parse() instanceof Event.Seal seal) {
          seals.add(Sealed.of(seal));
        }
      } catch (IllegalArgumentException e) {
        break;
      }
      position++;
    }
    if (position > before) {
      unfinished.add((position - before) + " whole events follow the checkpoint");
    }
  }

  /// The event at the position, from the first of the files that hold it; the others must agree.
  private @Nullable LoggedEvent event() throws ArchiveException {
    openDue();
    LoggedEvent first = null;
    for (int i = 0; i < sources.size(); i++) {
      EventSource source = sources.get(i);
      LoggedEvent event = source.at(position, this::damaged);
      if (event != null && first == null) {
        first = event;
        sources.remove(i);
        sources.addFirst(source);
      } else if (event != null && first != null && !same(event, first)) {
        findings.add(
            source
                .file()
                .corrupt(
                    source.frameOffset(),
                    "the event of leaf " + position + " as in " + sources.getFirst().id().name(),
                    "another"));
      }
    }
    closeEnded();
    return first;
  }

  private static boolean same(LoggedEvent one, LoggedEvent other) {
    return one.time().equals(other.time())
        && Arrays.equals(one.blind(), other.blind())
        && Arrays.equals(one.event(), other.event());
  }

  private boolean damaged(CorruptArchiveException e) {
    if (position < covered) {
      findings.add(e);
      return true;
    }
    unfinished.add(String.valueOf(e.getMessage()));
    return false;
  }

  private void openDue() throws ArchiveException {
    while (!candidates.isEmpty() && candidates.getFirst().first <= position) {
      Candidate due = candidates.removeFirst();
      try {
        OpenFiles.Lease lease = run.files().lease(due.file);
        EventSource source = new EventSource(lease, due.first, due.offset);
        sources.add(source);
        if (due.file.kind() == FileId.Kind.JOURNAL
            && due.first == position
            && position <= covered) {
          checkState(source);
        }
      } catch (CorruptArchiveException e) {
        if (files.exists(due.file)) {
          findings.add(e);
        }
      }
    }
  }

  private void closeEnded() throws ArchiveException {
    for (int i = sources.size() - 1; i >= 0; i--) {
      EventSource source = sources.get(i);
      if (source.ended()) {
        sources.remove(i).close();
      }
    }
  }

  /// No file holds the event at the position.
  private void gap() throws ArchiveException {
    long end = covered;
    for (Candidate candidate : candidates) {
      end = Math.min(end, candidate.first);
    }
    for (EventSource source : sources) {
      LoggedEvent next = source.first(position, this::damaged);
      end = next == null ? end : Math.min(end, next.index());
    }
    findings.add(
        FileId.Kind.JOURNAL.folder(),
        "the events of leaves " + position + " to " + (end - 1) + " in a journal or a segment",
        "none");
    certain = false;
    lost = true;
    while (tree != null && position < end) {
      grow(tiles.entry(position));
    }
    // Without a tree nothing grows, however many leaves a checkpoint claims.
    position = end;
  }

  private void take(LoggedEvent logged) throws ArchiveException {
    EventSource source = sources.getFirst();
    byte[] leaf = null;
    try {
      Event event = logged.parse();
      leaf = logged.leaf(EventJson.type(event));
      follow(event, logged, source);
      CanonicalJson.requireCanonical(logged.event());
    } catch (IllegalArgumentException e) {
      find(source, "an event", String.valueOf(e.getMessage()));
      certain &= leaf != null;
    }
    grow(leaf == null ? tiles.entry(position) : leaf);
  }

  private void grow(byte @Nullable [] leaf) throws ArchiveException {
    TileTree to = tree;
    position++;
    if (to == null) {
      return;
    }
    if (leaf == null) {
      findings.add(
          TileCheck.LOG + "tile/entries", "leaf " + (position - 1) + ", lost elsewhere", "none");
      tree = null;
      return;
    }
    to.append(leaf, tiles::full);
    checkKnown();
  }

  private void checkKnown() {
    TileTree grown = tree;
    List<Known> here = known.get(position);
    if (grown != null && here != null) {
      String root = HexFormat.of().formatHex(grown.root());
      for (Known known : here) {
        if (!known.checkpoint.root().equals(root)) {
          findings.add(
              known.name,
              "root " + root + " over the first " + position + " leaves",
              "root " + known.checkpoint.root());
        }
      }
    }
  }

  private void follow(Event event, LoggedEvent logged, EventSource source) throws ArchiveException {
    if (logged.time().isBefore(time)) {
      find(source, "a time from " + time, "" + logged.time());
    }
    time = logged.time();
    switch (event) {
      case Event.MailboxCreated mailbox -> {
        if (mailboxes.put(mailbox.id(), MailboxState.created(mailbox)) != null) {
          find(source, "a mailbox created once", "twice " + mailbox.id());
        }
      }
      case Event.Placement placement -> follow(placement, source);
      case Event.Seal seal -> follow(seal, source);
      case Event.Observation observation -> {}
      case Event.Recovery recovery -> {}
      case Event.Unknown unknown -> {}
    }
  }

  private void follow(Event.Placement placement, EventSource source) throws ArchiveException {
    run.held()
        .placement(
            placement.content(), placement.length(), position, source.id(), source.frameOffset());
    MailboxState mailbox = mailboxes.get(placement.mailbox());
    if (mailbox == null) {
      if (certain) {
        find(source, "a mailbox before its placements", "none " + placement.mailbox());
      }
      return;
    }
    if (placement.uid().value() < mailbox.uidNext()) {
      find(
          source,
          "a UID from " + mailbox.uidNext() + " in mailbox " + mailbox.id(),
          "UID " + placement.uid());
    }
    mailboxes.put(mailbox.id(), mailbox.after(placement.uid()));
  }

  private void follow(Event.Seal seal, EventSource source) {
    seals.add(Sealed.of(seal));
    long events = seal.segments().stream().mapToLong(Event.SealedSegment::events).sum();
    boolean range =
        (seal.firstLeaf() == sealed || !certain)
            && seal.endLeaf() > seal.firstLeaf()
            && seal.endLeaf() <= position
            && events == seal.endLeaf() - seal.firstLeaf();
    if (!range) {
      find(
          source,
          "a seal of the leaves from " + sealed + " on",
          "one of " + seal.firstLeaf() + " to " + seal.endLeaf() + " with " + events + " events");
    }
    for (JournalFile journal : files.journals()) {
      boolean named =
          seal.firstJournal() <= journal.number() && journal.number() <= seal.lastJournal();
      boolean within =
          seal.firstLeaf() <= journal.firstLeaf() && journal.firstLeaf() < seal.endLeaf();
      if (named && !within) {
        find(source, "journals of the leaves that are sealed", "journal " + journal.number());
      }
    }
    compareState(source, MailboxState.byId(seal.mailboxes()), "the mailboxes in a seal");
    sealed = seal.endLeaf();
  }

  /// A writer that opens the archive believes what a state says.
  private void checkState(EventSource source) throws ArchiveException {
    State state;
    try {
      state = JournalFile.state(source.file());
    } catch (CorruptArchiveException e) {
      damaged(e);
      return;
    }
    boolean before = certain;
    compareState(source, state.mailboxes(), "the state of a journal");
    if (!before) {
      sealed = state.sealed();
    } else if (!state.time().equals(time) || state.sealed() != sealed) {
      findings.add(
          source
              .file()
              .corrupt(
                  JournalFile.HEADER,
                  "a state of time " + time + ", sealed to " + sealed,
                  "time " + state.time() + ", sealed to " + state.sealed()));
    }
  }

  /// Where the events before are not all known, what is said is taken for right.
  private void compareState(EventSource source, Map<MailboxId, MailboxState> said, String what) {
    if (certain && !said.equals(mailboxes)) {
      find(
          source, "mailboxes, UIDVALIDITY and UIDNEXT as the events lead to, in " + what, "others");
    }
    mailboxes.clear();
    mailboxes.putAll(said);
    certain = true;
  }

  private void find(EventSource source, String expected, String found) {
    findings.add(
        source.file().corrupt(source.frameOffset(), expected, found + ", leaf " + position));
  }

  @Override
  public void close() throws ArchiveException {
    for (EventSource source : sources) {
      source.close();
    }
  }
}
