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
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
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
  private final Map<MailboxId, Long> lastUids = new HashMap<>();
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
    Checkpoint checkpoint = checkpoint(format);
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
        notes.add("an append after the checkpoint was not finished: " + e.getMessage());
      }
    }
    if (tree.size() < checkpoint.size()) {
      throw new CorruptArchiveException(
          JournalFile.FOLDER, -1, checkpoint.size() + " events", Long.toString(tree.size()));
    }
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
      reader.state();
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
        byte[] piece = reader.piece();
        message.digest.update(piece);
        yield finished(reader, message.after(piece.length));
      }
      case EVENTS -> {
        readEvents(reader, frame, checkpoint);
        yield null;
      }
    };
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
    for (LoggedEvent logged : reader.events()) {
      checkEvent(reader, logged);
      tree.append(logged.leaf(), (tile, expected) -> compare(tile.name(), expected, checkpoint));
      if (tree.size() == checkpoint.size()) {
        checkEnd(checkpoint);
      }
    }
  }

  private void checkEvent(JournalReader reader, LoggedEvent logged) throws ArchiveException {
    if (logged.time().isBefore(time)) {
      find(corrupt(reader, "a time from " + time, "" + logged.time()));
    }
    time = logged.time();
    try {
      if (logged.parse() instanceof Event.Placement placement) {
        checkPlacement(reader, placement);
      }
    } catch (IllegalArgumentException e) {
      throw corrupt(reader, "an event", String.valueOf(e.getMessage()));
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
    Long before = lastUids.put(placement.mailbox(), placement.uid().value());
    if (before != null && before >= placement.uid().value()) {
      find(corrupt(reader, "a UID above " + before, "UID " + placement.uid()));
    }
  }

  private void checkEnd(Checkpoint checkpoint) throws ArchiveException {
    checked = tree.size();
    tree.partial((tile, expected) -> compare(tile.name(), expected, checkpoint));
    String root = HexFormat.of().formatHex(tree.root());
    if (!root.equals(checkpoint.root())) {
      throw new CorruptArchiveException(
          "log/checkpoint", -1, "root " + root, "root " + checkpoint.root());
    }
  }

  /// Tiles beyond the checkpoint are work that was not finished.
  private void compare(String tile, byte[] expected, Checkpoint checkpoint)
      throws ArchiveException {
    if (tree.size() <= checkpoint.size() && !Arrays.equals(disk.read("log/" + tile), expected)) {
      find(new CorruptArchiveException("log/" + tile, -1, "the hash of the events", "another"));
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

    OpenMessage after(int length) {
      return new OpenMessage(head, pieces - 1, digest, read + length);
    }
  }
}
