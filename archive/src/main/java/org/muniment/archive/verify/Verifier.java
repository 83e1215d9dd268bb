package org.muniment.archive.verify;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Progress;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.JournalReader;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.State;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.TilePath;
import org.muniment.archive.log.TileTree;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;

/// Reads a whole archive from its first octet to its checkpoint. One run, one thread, one object.
///
/// Every message is hashed, every event is hashed into its leaf, the leaves are grown into a tree
/// of their own, and that is compared with the tiles on the disk and with the root that the
/// checkpoint signs.
public final class Verifier {

  private final Disk disk;
  private final Progress progress;
  private final TileTree tree = new TileTree();
  private final Map<ContentId, Long> lengths = new HashMap<>();
  private final Map<MailboxId, Long> nextUids = new HashMap<>();

  /// The partial tiles of the checkpoint, read with it, because a busy writer soon retires them.
  private final Map<TilePath, byte[]> partials = new HashMap<>();

  private final List<Report.Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Instant time = Instant.EPOCH;
  private long octets;
  private long checked;

  private Verifier(Disk disk, Progress progress) {
    this.disk = disk;
    this.progress = progress;
  }

  /// Verifies the archive in a folder. A damaged archive gives a report, never an exception.
  ///
  /// @param progress told of messages hashed and their octets
  /// @throws ArchiveException when files cannot be read at all, or the archive is of another format
  public static Report verify(Path directory, Progress progress) throws ArchiveException {
    return verify(new LocalDisk(directory), progress);
  }

  /// Verifies the archive on a disk.
  public static Report verify(Disk disk, Progress progress) throws ArchiveException {
    Verifier verifier = new Verifier(disk, progress);
    try {
      verifier.run();
    } catch (CorruptArchiveException e) {
      verifier.find(e);
    }
    return new Report(
        verifier.checked,
        verifier.lengths.size(),
        verifier.octets,
        verifier.findings,
        verifier.notes);
  }

  private void run() throws ArchiveException {
    byte[] formatFile = disk.read(FormatFile.NAME);
    if (formatFile == null) {
      throw new CorruptArchiveException(FormatFile.NAME, -1, "an archive", "no file");
    }
    FormatFile format = FormatFile.read(formatFile);
    if (!Arrays.equals(format.write(), formatFile)) {
      find(new CorruptArchiveException(FormatFile.NAME, -1, "three lines", "something else"));
    }
    Checkpoint checkpoint = checkpointWithPartials(format);
    if (checkpoint.size() == 0) {
      checkEnd(checkpoint);
    }
    List<String> names = disk.list(JournalFile.FOLDER);
    for (String name : names) {
      try {
        readJournal(format, JournalFile.number(name), checkpoint);
      } catch (CorruptArchiveException e) {
        if (tree.size() < checkpoint.size() || !name.equals(names.getLast())) {
          throw e;
        }
        if (checkpoint.equals(checkpoint(format))) {
          notes.add("an append after the checkpoint is not finished: " + e.getMessage());
        }
      }
    }
    if (tree.size() < checkpoint.size()) {
      throw new CorruptArchiveException(
          JournalFile.FOLDER, -1, checkpoint.size() + " events", Long.toString(tree.size()));
    }
  }

  /// The newest checkpoint whose partial tiles can be read before a writer retires them.
  private Checkpoint checkpointWithPartials(FormatFile format) throws ArchiveException {
    Checkpoint checkpoint = checkpoint(format);
    while (!readPartials(checkpoint)) {
      Checkpoint newer = checkpoint(format);
      if (newer.equals(checkpoint)) {
        // Nobody writes: what is missing is missing.
        return checkpoint;
      }
      checkpoint = newer;
    }
    return checkpoint;
  }

  /// @return whether all are there
  private boolean readPartials(Checkpoint checkpoint) throws ArchiveException {
    partials.clear();
    List<TilePath> expected = TilePath.partials(checkpoint.size());
    for (TilePath tile : expected) {
      byte[] found = disk.read("log/" + tile.name());
      if (found != null) {
        partials.put(tile, found);
      }
    }
    return partials.size() == expected.size();
  }

  private Checkpoint checkpoint(FormatFile format) throws ArchiveException {
    byte[] note = disk.read("log/checkpoint");
    try {
      return Checkpoint.open(
          note == null ? new byte[0] : note, Note.Verifier.parse(format.logKey()));
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          "log/checkpoint", -1, "a checkpoint", String.valueOf(e.getMessage()));
    }
  }

  private void readJournal(FormatFile format, long number, Checkpoint checkpoint)
      throws ArchiveException {
    try (JournalReader reader = JournalReader.open(disk, format.id(), number)) {
      if (reader.journal().firstLeaf() != tree.size()) {
        throw new CorruptArchiveException(
            reader.journal().name(),
            0,
            "first leaf " + tree.size(),
            "first leaf " + reader.journal().firstLeaf());
      }
      checkState(reader, reader.state());
      OpenMessage message = null;
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        message = readFrame(reader, frame, message, checkpoint);
      }
    }
  }

  private @Nullable OpenMessage readFrame(
      JournalReader reader, Frame frame, @Nullable OpenMessage message, Checkpoint checkpoint)
      throws ArchiveException {
    if (message != null && frame.kind() != Frame.Kind.PIECE) {
      throw corrupt(reader, "a piece of message " + message.head.id(), frame.kind().toString());
    }
    return switch (frame.kind()) {
      case STATE -> throw corrupt(reader, "one state frame", "a second");
      case MESSAGE ->
          finished(reader, new OpenMessage(reader.message(), frame.count(), TreeHash.sha256()));
      case PIECE -> {
        if (message == null) {
          throw corrupt(reader, "a message before its pieces", "none");
        }
        yield finished(reader, message.after(piece(reader, checkpoint)));
      }
      case EVENTS -> {
        readEvents(reader, frame, checkpoint);
        yield null;
      }
    };
  }

  /// A damaged piece hides no other message: its frame tells where the next begins.
  private byte[] piece(JournalReader reader, Checkpoint checkpoint) throws ArchiveException {
    try {
      return reader.piece();
    } catch (CorruptArchiveException e) {
      if (tree.size() >= checkpoint.size()) {
        throw e;
      }
      find(e);
      return new byte[0];
    }
  }

  /// The message, or null when it is whole, and then it was checked.
  private @Nullable OpenMessage finished(JournalReader reader, OpenMessage message)
      throws ArchiveException {
    if (message.pieces > 0) {
      return message;
    }
    ContentId found = ContentId.of(message.digest.digest());
    if (!found.equals(message.head.id()) || message.read != message.head.length()) {
      find(
          corrupt(
              reader,
              "message " + message.head.id() + " of " + message.head.length(),
              found + " of " + message.read));
    }
    lengths.put(message.head.id(), message.head.length());
    octets += message.read;
    progress.at(lengths.size(), octets);
    return null;
  }

  private void readEvents(JournalReader reader, Frame frame, Checkpoint checkpoint)
      throws ArchiveException {
    if (frame.first() != tree.size()) {
      throw corrupt(reader, "leaf " + tree.size(), "leaf " + frame.first());
    }
    try {
      for (LoggedEvent logged : reader.events()) {
        checkEvent(reader, logged);
        tree.append(logged.leaf(), (tile, expected) -> compareFull(tile, expected, checkpoint));
        if (tree.size() == checkpoint.size()) {
          checkEnd(checkpoint);
        }
      }
    } catch (IllegalArgumentException e) {
      throw corrupt(reader, "an event", String.valueOf(e.getMessage()));
    }
  }

  /// A writer that opens the archive believes what the state says.
  private void checkState(JournalReader reader, State state) {
    State expected = new State(nextUids, time);
    if (!state.equals(expected)) {
      find(corrupt(reader, "the state that the events before it lead to", "another"));
    }
  }

  private void checkEvent(JournalReader reader, LoggedEvent logged) {
    if (logged.time().isBefore(time)) {
      find(corrupt(reader, "a time from " + time, "" + logged.time()));
    }
    time = logged.time();
    switch (logged.parse()) {
      case Event.MailboxCreated mailbox -> nextUids.put(mailbox.id(), 1L);
      case Event.Placement placement -> checkPlacement(reader, placement);
      case Event.Poll poll -> {}
      case Event.Recovery recovery -> {}
      case Event.Unknown unknown -> {}
    }
  }

  private void checkPlacement(JournalReader reader, Event.Placement placement) {
    Long length = lengths.get(placement.content());
    if (length == null || length != placement.length()) {
      find(
          corrupt(
              reader,
              "the octets of a placement, " + placement.content(),
              length == null ? "none" : "a length of " + length));
    }
    Long next = nextUids.put(placement.mailbox(), placement.uid().value() + 1);
    if (next == null) {
      find(corrupt(reader, "a mailbox before its placements", "none " + placement.mailbox()));
    } else if (placement.uid().value() < next) {
      find(corrupt(reader, "a UID from " + next, "UID " + placement.uid()));
    }
  }

  private void checkEnd(Checkpoint checkpoint) throws ArchiveException {
    checked = tree.size();
    tree.partial((tile, expected) -> compare(tile, expected, partials.get(tile)));
    String root = HexFormat.of().formatHex(tree.root());
    if (!root.equals(checkpoint.root())) {
      throw new CorruptArchiveException(
          "log/checkpoint", -1, "root " + root, "root " + checkpoint.root());
    }
  }

  /// Tiles beyond the checkpoint are work that was not finished.
  private void compareFull(TilePath tile, byte[] expected, Checkpoint checkpoint)
      throws ArchiveException {
    if (tree.size() <= checkpoint.size()) {
      compare(tile, expected, disk.read("log/" + tile.name()));
    }
  }

  private void compare(TilePath tile, byte[] expected, byte @Nullable [] found) {
    if (!Arrays.equals(found, expected)) {
      String name = "log/" + tile.name();
      find(
          new CorruptArchiveException(
              name, -1, "what the events hash to", found == null ? "no file" : "another"));
    }
  }

  private static CorruptArchiveException corrupt(
      JournalReader reader, String expected, String found) {
    return new CorruptArchiveException(reader.journal().name(), reader.offset(), expected, found);
  }

  private void find(CorruptArchiveException e) {
    findings.add(new Report.Finding(String.valueOf(e.getMessage())));
  }

  /// A message whose pieces are being read.
  private record OpenMessage(
      JournalReader.Message head, int pieces, MessageDigest digest, long read) {

    OpenMessage(JournalReader.Message head, int pieces, MessageDigest digest) {
      this(head, pieces, digest, 0);
    }

    OpenMessage after(byte[] piece) {
      digest.update(piece);
      return new OpenMessage(head, pieces - 1, digest, read + piece.length);
    }
  }
}
