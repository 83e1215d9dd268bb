package org.muniment.archive;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.MailboxState;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.format.State;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.LogWriter;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.FormatTooNewException;

/// Reads the last journal when a writer opens: appends its leaves to the log once more, checks the
/// root that the checkpoint promises, adopts whole events after it, and cuts off what a crash left
/// unfinished.
///
/// Nothing is changed before it is certain that everything acknowledged is there.
final class Replay {

  private final Archive archive;
  private final Checkpoint checkpoint;
  private final LogWriter log;
  private final Map<MailboxId, MailboxState> mailboxes = new HashMap<>();
  private Instant time = Instant.EPOCH;
  private long sealed;
  private Event.@Nullable Recovery recovery;

  private Replay(Archive archive, Checkpoint checkpoint, LogWriter log) {
    this.archive = archive;
    this.checkpoint = checkpoint;
    this.log = log;
  }

  static Replay of(Archive archive) throws ArchiveException {
    removeUnfinishedCopy(archive);
    List<JournalFile> journals = archive.files().journals();
    long durableTiles = journals.isEmpty() ? 0 : journals.getLast().firstLeaf();
    LogWriter log = LogWriter.resume(archive.disk(), Archive.LOG, archive.signer(), durableTiles);
    Replay replay = new Replay(archive, archive.checkpoint(), log);
    replay.checkRoot();
    if (!journals.isEmpty()) {
      replay.read(journals.getLast());
    }
    if (log.size() < replay.checkpoint.size()) {
      throw new CorruptArchiveException(
          FileId.Kind.JOURNAL.folder(),
          -1,
          replay.checkpoint.size() + " events, as the checkpoint says",
          Long.toString(log.size()));
    }
    log.publish();
    log.forgetAhead();
    replay.removeUnfinishedJournal(journals);
    replay.removeUnfinishedSegments(journals);
    return replay;
  }

  LogWriter log() {
    return log;
  }

  State state() {
    return new State(mailboxes, time, sealed);
  }

  /// What was cut off, null when the journal ended cleanly.
  Event.@Nullable Recovery recovery() {
    return recovery;
  }

  private void read(JournalFile journal) throws ArchiveException {
    try (OpenFiles.Lease lease = archive.contents().files().lease(journal.id())) {
      FrameFile file = lease.file();
      State before = JournalFile.state(file);
      mailboxes.putAll(before.mailboxes());
      time = before.time();
      sealed = before.sealed();
      long end = adoptFrames(file);
      if (end < file.size()) {
        if (log.size() < checkpoint.size()) {
          throw file.corrupt(end, "leaf " + log.size(), "no whole frame");
        }
        recovery = cut(file, end);
      }
    }
  }

  /// Adopts the events of every whole frame.
  ///
  /// @return where the last events end
  private long adoptFrames(FrameFile file) throws ArchiveException {
    long end = file.frame(JournalFile.HEADER, Frame.Kind.STATE).end();
    long at = end;
    try {
      for (Frame frame = file.frame(at); frame != null; frame = file.frame(at)) {
        if (log.size() >= checkpoint.size()) {
          // Not acknowledged, and perhaps not all of it was made durable: an event is adopted only
          // with whole octets before it.
          file.compressed(frame);
        }
        if (frame.kind() == Frame.Kind.EVENTS) {
          adopt(file, frame);
          end = frame.end();
        }
        at = frame.end();
      }
    } catch (CorruptArchiveException e) {
      // After the checkpoint an unfinished append is what a crash leaves; before it, it is damage.
      if (log.size() < checkpoint.size()) {
        throw e;
      }
    }
    return end;
  }

  private void adopt(FrameFile file, Frame frame) throws ArchiveException {
    List<LoggedEvent> logged = LoggedEvent.read(file, frame);
    // All of them before the first is adopted: a frame is adopted whole or cut off whole.
    List<Event> events = parse(file, frame, logged);
    for (int i = 0; i < events.size(); i++) {
      apply(logged.get(i).time(), events.get(i));
      log.append(logged.get(i).leaf(EventJson.type(events.get(i))));
      checkRoot();
    }
  }

  private List<Event> parse(FrameFile file, Frame frame, List<LoggedEvent> logged)
      throws CorruptArchiveException {
    List<Event> events = new ArrayList<>(logged.size());
    for (LoggedEvent next : logged) {
      if (next.index() != log.size() + events.size()) {
        throw file.corrupt(
            frame.offset(), "leaf " + (log.size() + events.size()), "leaf " + next.index());
      }
      try {
        events.add(next.parse());
      } catch (IllegalArgumentException e) {
        throw file.corrupt(frame.offset(), "an event", String.valueOf(e.getMessage()));
      }
    }
    return events;
  }

  private void apply(Instant at, Event event) throws FormatTooNewException {
    time = at;
    switch (event) {
      case Event.MailboxCreated mailbox ->
          mailboxes.put(mailbox.id(), MailboxState.created(mailbox));
      case Event.Placement placement ->
          mailboxes.put(
              placement.mailbox(),
              Objects.requireNonNull(mailboxes.get(placement.mailbox())).after(placement.uid()));
      case Event.Seal seal -> sealed = seal.endLeaf();
      case Event.Observation observation -> {}
      case Event.Recovery before -> {}
      case Event.Unknown unknown -> requireReadable(unknown);
    }
  }

  /// A writer must know what gave UIDs and what was sealed; a reader need not.
  private static void requireReadable(Event.Unknown event) throws FormatTooNewException {
    if (EventJson.changesState(event.type())) {
      throw new FormatTooNewException(
          ("the archive holds an event \"%s\" of version %d, which this program can read past but"
                  + " not write after: use the release of Muniment that wrote it")
              .formatted(event.type(), event.version()));
    }
  }

  private void checkRoot() throws ArchiveException {
    if (log.size() == checkpoint.size()) {
      String root = HexFormat.of().formatHex(log.root());
      if (!root.equals(checkpoint.root())) {
        throw new CorruptArchiveException(
            Archive.LOG + "checkpoint", -1, "root " + checkpoint.root(), root);
      }
    }
  }

  private Event.Recovery cut(FrameFile file, long end) throws ArchiveException {
    Disk disk = archive.disk();
    MessageDigest digest = TreeHash.sha256();
    file.copy(end, digest::update);
    String sha256 = HexFormat.of().formatHex(digest.digest());
    String copy = Archive.QUARANTINE + sha256;
    // A crash in the middle of an earlier copy can have left a part of it.
    disk.delete(copy);
    try (Disk.Appender quarantine = disk.create(copy)) {
      file.copy(end, quarantine::write);
      quarantine.sync();
    }
    long length = file.size() - end;
    disk.truncate(file.name(), end);
    return new Event.Recovery(file.name(), end, length, sha256);
  }

  /// An archive can be a copy that was cut short while it was brought to a newer checkpoint: some
  /// journals that begin behind its own are there and others not.
  private static void removeUnfinishedCopy(Archive archive) throws ArchiveException {
    if (archive.disk().read(FormatFile.COPYING) != null) {
      long size = archive.size();
      List<String> names = archive.disk().list(FileId.Kind.JOURNAL.folder());
      for (String name : names.reversed()) {
        FileId id = FileId.of(FileId.Kind.JOURNAL, name);
        JournalFile journal = archive.files().journal(id, name.equals(names.getLast()));
        if (journal == null || journal.firstLeaf() > size) {
          archive.files().remove(id);
        }
      }
      archive.disk().remove(FormatFile.COPYING);
    }
  }

  private void removeUnfinishedJournal(List<JournalFile> whole) throws ArchiveException {
    List<String> names = archive.disk().list(FileId.Kind.JOURNAL.folder());
    if (names.size() > whole.size()) {
      archive.files().remove(FileId.of(FileId.Kind.JOURNAL, names.getLast()));
    }
  }

  /// A crash can leave a segment that no event names: its journals are still there, and where they
  /// are not, something else went wrong, and the segment stays.
  private void removeUnfinishedSegments(List<JournalFile> journals) throws ArchiveException {
    for (SegmentFile segment : archive.files().segments()) {
      if (segment.endLeaf() > sealed
          && journals.stream().anyMatch(j -> j.firstLeaf() == segment.firstLeaf())) {
        archive.files().remove(segment.id());
      }
    }
    List<SegmentFile> left = archive.files().segments();
    long next = archive.files().nextNumber(FileId.Kind.SEGMENT);
    for (long n = left.isEmpty() ? 1 : left.getLast().number() + 1; n <= next; n++) {
      archive.disk().delete(FileId.segment(n).name() + Disk.UNFINISHED);
    }
  }
}
