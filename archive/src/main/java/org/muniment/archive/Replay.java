package org.muniment.archive;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.JournalReader;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.State;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.LogWriter;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// Reads the last journal when a writer opens: appends its leaves to the log once more, checks the
/// root that the checkpoint promises, adopts whole events after it, and cuts off what a crash left
/// unfinished.
///
/// Nothing is changed before it is certain that everything acknowledged is there.
final class Replay {

  private final Archive archive;
  private final Checkpoint checkpoint;
  private final LogWriter log;
  private final Map<MailboxId, Long> nextUids = new HashMap<>();
  private Instant time = Instant.EPOCH;
  private Event.@Nullable Recovery recovery;

  private Replay(Archive archive, Checkpoint checkpoint, LogWriter log) {
    this.archive = archive;
    this.checkpoint = checkpoint;
    this.log = log;
  }

  static Replay of(Archive archive) throws ArchiveException {
    List<JournalFile> journals = archive.journals();
    long durableTiles = journals.isEmpty() ? 0 : journals.getLast().firstLeaf();
    LogWriter log = LogWriter.resume(archive.disk(), Archive.LOG, archive.signer(), durableTiles);
    Replay replay = new Replay(archive, archive.checkpoint(), log);
    replay.checkRoot();
    if (!journals.isEmpty()) {
      replay.read(journals.getLast());
    }
    if (log.size() < replay.checkpoint.size()) {
      throw new CorruptArchiveException(
          JournalFile.FOLDER,
          -1,
          replay.checkpoint.size() + " events, as the checkpoint says",
          Long.toString(log.size()));
    }
    log.publish();
    replay.removeUnfinishedJournal(journals);
    return replay;
  }

  LogWriter log() {
    return log;
  }

  State state() {
    return new State(nextUids, time);
  }

  /// What was cut off, null when the journal ended cleanly.
  Event.@Nullable Recovery recovery() {
    return recovery;
  }

  private void read(JournalFile journal) throws ArchiveException {
    try (JournalReader reader =
        JournalReader.open(archive.disk(), archive.id(), journal.number())) {
      State state = reader.state();
      nextUids.putAll(state.nextUids());
      time = state.time();
      long end = readFrames(reader);
      if (reader.size() > end && log.size() >= checkpoint.size()) {
        recovery = cut(reader, end);
      }
    }
  }

  /// @return offset after the last whole events frame, or after the state frame
  private long readFrames(JournalReader reader) throws ArchiveException {
    long end = reader.end();
    try {
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        if (frame.kind() == Frame.Kind.EVENTS) {
          adopt(reader, frame);
          end = reader.end();
        } else if (log.size() >= checkpoint.size()) {
          // Octets that nobody acknowledged: a lost write may have left a hole in them.
          reader.payload();
        }
      }
    } catch (CorruptArchiveException e) {
      if (log.size() < checkpoint.size()) {
        throw e;
      }
    }
    return end;
  }

  private void adopt(JournalReader reader, Frame frame) throws ArchiveException {
    if (frame.first() != log.size()) {
      throw new CorruptArchiveException(
          reader.journal().name(), reader.offset(), "leaf " + log.size(), "leaf " + frame.first());
    }
    List<LoggedEvent> events = reader.events();
    // All of them before the first is adopted: a frame is adopted whole or cut off whole.
    List<byte[]> leaves = leaves(reader, events);
    for (int i = 0; i < events.size(); i++) {
      apply(events.get(i));
      log.append(leaves.get(i));
      checkRoot();
    }
  }

  private static List<byte[]> leaves(JournalReader reader, List<LoggedEvent> events)
      throws CorruptArchiveException {
    try {
      return events.stream().map(LoggedEvent::leaf).toList();
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          reader.journal().name(), reader.offset(), "an event", String.valueOf(e.getMessage()));
    }
  }

  private void apply(LoggedEvent logged) {
    time = logged.time();
    switch (logged.parse()) {
      case Event.MailboxCreated mailbox -> nextUids.put(mailbox.id(), 1L);
      case Event.Placement placement ->
          nextUids.put(placement.mailbox(), placement.uid().value() + 1);
      case Event.Poll poll -> {}
      case Event.Recovery before -> {}
      case Event.Unknown unknown -> {}
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

  private Event.Recovery cut(JournalReader reader, long end) throws ArchiveException {
    Disk disk = archive.disk();
    String journal = reader.journal().name();
    MessageDigest digest = TreeHash.sha256();
    reader.copy(end, digest::update);
    String sha256 = HexFormat.of().formatHex(digest.digest());
    String copy = Archive.QUARANTINE + sha256;
    // A crash in the middle of an earlier copy can have left a part of it.
    disk.delete(copy);
    try (Disk.Appender quarantine = disk.create(copy)) {
      reader.copy(end, quarantine::write);
      quarantine.sync();
    }
    long length = reader.size() - end;
    disk.truncate(journal, end);
    return new Event.Recovery(journal, end, length, sha256);
  }

  private void removeUnfinishedJournal(List<JournalFile> whole) throws ArchiveException {
    List<String> names = archive.disk().list(JournalFile.FOLDER);
    if (names.size() > whole.size()) {
      archive.disk().delete(JournalFile.FOLDER + "/" + names.getLast());
    }
  }
}
