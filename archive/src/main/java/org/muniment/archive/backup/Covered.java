package org.muniment.archive.backup;

import java.util.ArrayList;
import java.util.List;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// The files that hold the first leaves of a log: segments, and behind them journals. Journals that
/// were sealed are not among them, because segments hold all of theirs.
///
/// @param size number of leaves
/// @param segments oldest first
/// @param journals oldest first
record Covered(long size, List<FileId> segments, List<Journal> journals) {

  Covered {
    segments = List.copyOf(segments);
    journals = List.copyOf(journals);
  }

  /// A journal as far as it is covered.
  ///
  /// @param end offset where the last covered events end
  record Journal(FileId id, long firstLeaf, long end) {}

  /// Looks for the files of an archive. Reads no further than the last leaf, so that a writer may
  /// append meanwhile.
  ///
  /// @param size number of leaves, all of them durable
  /// @throws CorruptArchiveException when one of them is in no file
  static Covered of(Disk disk, FileKeys keys, String archiveId, long size) throws ArchiveException {
    List<Journal> journals = new ArrayList<>();
    long reached = 0;
    for (String name : disk.list(FileId.Kind.JOURNAL.folder())) {
      // What comes next may be a journal that is about to be made.
      if (reached < size) {
        FileId id = FileId.of(FileId.Kind.JOURNAL, name);
        try (FrameFile file = FrameFile.open(disk, keys, id)) {
          long first = JournalFile.read(file, archiveId).firstLeaf();
          Walk walk = Walk.of(file, first, size);
          journals.add(new Journal(id, first, walk.end));
          reached = walk.leaf;
        }
      }
    }
    if (reached < size) {
      throw new CorruptArchiveException(
          FileId.Kind.JOURNAL.folder(), -1, size + " events, as the checkpoint says", "" + reached);
    }
    long sealed = journals.isEmpty() ? 0 : sealed(disk, keys, journals.getLast());
    journals.removeIf(journal -> journal.firstLeaf < sealed);
    return new Covered(size, segments(disk, keys, archiveId, sealed), journals);
  }

  /// The leaf up to which segments hold everything, when a journal has come to the end of its
  /// covered part.
  private static long sealed(Disk disk, FileKeys keys, Journal last) throws ArchiveException {
    try (FrameFile file = FrameFile.open(disk, keys, last.id)) {
      long sealed = JournalFile.state(file).sealed();
      long at = JournalFile.HEADER;
      while (at < last.end) {
        Frame frame = file.frame(at);
        if (frame == null) {
          throw file.corrupt(at, "a frame", "the end of the file");
        }
        at = frame.end();
        if (frame.kind() == Frame.Kind.EVENTS) {
          for (LoggedEvent logged : LoggedEvent.read(file, frame)) {
            sealed = logged.parse() instanceof Event.Seal seal ? seal.endLeaf() : sealed;
          }
        }
      }
      return sealed;
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          last.id.name(), -1, "events", String.valueOf(e.getMessage()));
    }
  }

  private static List<FileId> segments(Disk disk, FileKeys keys, String archiveId, long sealed)
      throws ArchiveException {
    List<FileId> found = new ArrayList<>();
    for (String name : disk.list(FileId.Kind.SEGMENT.folder())) {
      FileId id = FileId.of(FileId.Kind.SEGMENT, name);
      try (FrameFile file = FrameFile.open(disk, keys, id)) {
        if (SegmentFile.read(file, archiveId).endLeaf() <= sealed) {
          found.add(id);
        }
      }
    }
    return found;
  }

  /// Numbers of leaves at which somebody needs the tiles of the log: a reader at the end, a writer
  /// where the last journal begins.
  List<Long> treeSizes() {
    return journals.isEmpty() ? List.of(size) : List.of(size, journals.getLast().firstLeaf);
  }

  /// How far a journal is covered.
  ///
  /// @param end offset where the last covered events end, or the state when there are none
  /// @param leaf index of the leaf after them
  private record Walk(long end, long leaf) {

    static Walk of(FrameFile file, long firstLeaf, long size) throws ArchiveException {
      long at = file.frame(JournalFile.HEADER, Frame.Kind.STATE).end();
      long end = at;
      long leaf = firstLeaf;
      while (leaf < size) {
        Frame frame = file.frame(at);
        if (frame == null) {
          break;
        }
        at = frame.end();
        if (frame.kind() == Frame.Kind.EVENTS) {
          leaf = frame.first() + frame.count();
          end = at;
        }
      }
      return new Walk(end, leaf);
    }
  }
}
