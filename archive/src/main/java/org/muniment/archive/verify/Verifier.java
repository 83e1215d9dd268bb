package org.muniment.archive.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Contents;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.TileTree;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Progress;

/// Reads a whole archive from its first octet to its checkpoint.
public final class Verifier {

  private final Disk disk;
  private final FileKeys keys;
  private final FormatFile format;
  private final Progress progress;
  private final Contents contents;
  private final TileTree tree = new TileTree();
  private final Map<ContentId, Long> lengths = new HashMap<>();
  private final List<Report.Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long octets;

  private Verifier(Disk disk, RootKeys rootKeys, FormatFile format, Progress progress) {
    this.disk = disk;
    this.keys = new FileKeys(disk, format.encrypted() ? rootKeys : RootKeys.NONE);
    this.format = format;
    this.progress = progress;
    this.contents = new Contents(new OpenFiles(disk, keys));
  }

  /// Verifies the archive in a folder. A damaged archive gives a report, never an exception.
  ///
  /// @param progress told of messages hashed and their octets
  /// @throws ArchiveException when files cannot be read at all, or the archive is of another format
  public static Report verify(Path directory, RootKeys keys, Progress progress)
      throws ArchiveException {
    return verify(new LocalDisk(directory), keys, progress);
  }

  /// Verifies the archive on a disk.
  public static Report verify(Disk disk, RootKeys keys, Progress progress) throws ArchiveException {
    byte[] octets = disk.read(FormatFile.NAME);
    if (octets == null) {
      throw new CorruptArchiveException(FormatFile.NAME, -1, "an archive", "no file");
    }
    Verifier verifier = new Verifier(disk, keys, FormatFile.read(octets), progress);
    try {
      verifier.run();
    } catch (CorruptArchiveException e) {
      verifier.find(e);
    }
    return new Report(
        verifier.tree.size(),
        verifier.lengths.size(),
        verifier.octets,
        verifier.findings,
        verifier.notes);
  }

  private void run() throws ArchiveException {
    Checkpoint checkpoint = checkpoint();
    if (checkpoint.size() == 0) {
      checkRoot(checkpoint);
    }
    List<FrameFile> files = new ArrayList<>();
    try {
      for (String name : disk.list(FileId.Kind.SEGMENT.folder())) {
        FileId id = FileId.of(FileId.Kind.SEGMENT, name);
        FrameFile file = FrameFile.open(disk, keys, id);
        files.add(file);
        SegmentFile.read(file, format.id());
        readFrames(file, SegmentFile.HEADER, SegmentFile.footerOffset(file), checkpoint);
      }
      List<String> journals = disk.list(FileId.Kind.JOURNAL.folder());
      for (String name : journals) {
        FileId id = FileId.of(FileId.Kind.JOURNAL, name);
        try (FrameFile file = FrameFile.open(disk, keys, id)) {
          JournalFile.read(file, format.id());
          JournalFile.state(file);
          readFrames(file, JournalFile.HEADER, file.size(), checkpoint);
        } catch (CorruptArchiveException e) {
          if (tree.size() < checkpoint.size() || !name.equals(journals.getLast())) {
            throw e;
          }
          notes.add("an append after the checkpoint is not finished: " + e.getMessage());
        }
      }
    } finally {
      for (FrameFile file : files) {
        file.close();
      }
      contents.close();
    }
    if (tree.size() < checkpoint.size()) {
      find(
          new CorruptArchiveException(
              FileId.Kind.JOURNAL.folder(), -1, checkpoint.size() + " events", "" + tree.size()));
    }
  }

  private Checkpoint checkpoint() throws ArchiveException {
    byte[] note = disk.read("log/checkpoint");
    try {
      return Checkpoint.open(
          note == null ? new byte[0] : note, Note.Verifier.parse(format.logKey()));
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          "log/checkpoint", -1, "a checkpoint", String.valueOf(e.getMessage()));
    }
  }

  private void readFrames(FrameFile file, long from, long end, Checkpoint checkpoint)
      throws ArchiveException {
    long at = from;
    for (Frame frame = file.frame(at); frame != null && at < end; frame = file.frame(at)) {
      at = frame.end();
      switch (frame.kind()) {
        case STATE, PART, PIECE, TABLE, FOOTER -> {}
        case MESSAGES -> {
          for (MessageRecord record : MessageRecord.read(file, frame)) {
            hash(record, file, frame);
          }
        }
        case EVENTS -> {
          for (LoggedEvent logged : LoggedEvent.read(file, frame)) {
            readEvent(logged, file, frame, checkpoint);
          }
        }
      }
    }
  }

  private void hash(MessageRecord record, FrameFile file, Frame frame) throws ArchiveException {
    MessageDigest digest = TreeHash.sha256();
    try (InputStream message = contents.open(record, file)) {
      new DigestInputStream(message, digest).transferTo(OutputStream.nullOutputStream());
    } catch (ArchiveException e) {
      throw e;
    } catch (IOException e) {
      find(record.id(), file.corrupt(frame.offset(), "message " + record.id(), "" + e));
      return;
    }
    ContentId found = ContentId.of(digest.digest());
    if (!found.equals(record.id())) {
      find(record.id(), file.corrupt(frame.offset(), "message " + record.id(), "" + found));
    }
    lengths.put(record.id(), record.length());
    octets += record.length();
    progress.at(lengths.size(), octets);
  }

  private void readEvent(LoggedEvent logged, FrameFile file, Frame frame, Checkpoint checkpoint)
      throws ArchiveException {
    if (logged.index() < tree.size()) {
      return;
    }
    if (logged.index() > tree.size()) {
      throw file.corrupt(frame.offset(), "leaf " + tree.size(), "leaf " + logged.index());
    }
    if (logged.parse() instanceof Event.Placement placement) {
      Long length = lengths.get(placement.content());
      if (length == null || length != placement.length()) {
        find(
            placement.content(),
            file.corrupt(frame.offset(), "the octets of a placement", "" + length));
      }
    }
    tree.append(
        logged.leaf(),
        (tile, expected) -> {
          if (tree.size() <= checkpoint.size()
              && !Arrays.equals(disk.read("log/" + tile.name()), expected)) {
            find(
                new CorruptArchiveException(
                    "log/" + tile.name(), -1, "what the events hash to", "another"));
          }
        });
    if (tree.size() == checkpoint.size()) {
      checkRoot(checkpoint);
    }
  }

  private void checkRoot(Checkpoint checkpoint) {
    String root = HexFormat.of().formatHex(tree.root());
    if (!root.equals(checkpoint.root())) {
      find(
          new CorruptArchiveException(
              "log/checkpoint", -1, "root " + root, "root " + checkpoint.root()));
    }
  }

  private void find(CorruptArchiveException e) {
    find(null, e);
  }

  private void find(@Nullable ContentId message, CorruptArchiveException e) {
    findings.add(new Report.Finding(e.resource(), e.offset(), message, e.expected(), e.found()));
  }
}
