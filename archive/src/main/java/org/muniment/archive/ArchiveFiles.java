package org.muniment.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Contents;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Footer;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.Place;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.format.TableEntry;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// The journals and segments of an archive: which there are, which of them holds a leaf, and where
/// a message lies that is not where it was thought to be. Safe for use by many threads.
final class ArchiveFiles {

  private final String archiveId;
  private final Disk disk;
  private final Contents contents;
  private final Map<Long, JournalFile> journals = new ConcurrentHashMap<>();
  private final Map<Long, SegmentFile> segments = new ConcurrentHashMap<>();
  private volatile Followed followed = new Followed(-1, null);

  /// @param archiveId that their headers must say
  ArchiveFiles(String archiveId, Disk disk, Contents contents) {
    this.archiveId = archiveId;
    this.disk = disk;
    this.contents = contents;
  }

  /// A number that no file and no key of the kind has.
  long nextNumber(FileId.Kind kind) throws ArchiveException {
    long highest = 0;
    for (String folder : List.of(kind.folder(), "keys/" + kind.folder())) {
      for (String name : disk.list(folder)) {
        highest = Math.max(highest, FileId.of(kind, name).number());
      }
    }
    return highest + 1;
  }

  /// Removes a file whose content lies elsewhere, and its key.
  void remove(FileId id) throws ArchiveException {
    // In this order for good: a file without its key would be damage.
    disk.remove(id.name());
    disk.delete("keys/" + id.name());
    contents.forget(id);
    journals.remove(id.kind() == FileId.Kind.JOURNAL ? id.number() : -1);
    segments.remove(id.kind() == FileId.Kind.SEGMENT ? id.number() : -1);
  }

  /// The journals, oldest first, without a last one whose making a crash cut short: it holds
  /// nothing.
  List<JournalFile> journals() throws ArchiveException {
    List<String> names = disk.list(FileId.Kind.JOURNAL.folder());
    try {
      return journals(names);
    } catch (CorruptArchiveException e) {
      List<String> now = disk.list(FileId.Kind.JOURNAL.folder());
      if (now.containsAll(names)) {
        throw e;
      }
      // Sealed, and removed since they were listed.
      return journals();
    }
  }

  private List<JournalFile> journals(List<String> names) throws ArchiveException {
    List<JournalFile> found = new ArrayList<>();
    for (String name : names) {
      FileId id = FileId.of(FileId.Kind.JOURNAL, name);
      JournalFile journal = journal(id, name.equals(names.getLast()));
      if (journal != null) {
        found.add(journal);
      }
    }
    return found;
  }

  @Nullable JournalFile journal(FileId id, boolean last) throws ArchiveException {
    JournalFile known = journals.get(id.number());
    if (known != null) {
      return known;
    }
    try (OpenFiles.Lease lease = contents.files().lease(id)) {
      JournalFile journal = JournalFile.read(lease.file(), archiveId);
      JournalFile.state(lease.file());
      journals.put(id.number(), journal);
      return journal;
    } catch (CorruptArchiveException e) {
      if (last) {
        return null;
      }
      throw e;
    }
  }

  /// The segments, oldest first.
  List<SegmentFile> segments() throws ArchiveException {
    List<SegmentFile> found = new ArrayList<>();
    for (String name : disk.list(FileId.Kind.SEGMENT.folder())) {
      FileId id = FileId.of(FileId.Kind.SEGMENT, name);
      SegmentFile known = segments.get(id.number());
      if (known == null) {
        try (OpenFiles.Lease lease = contents.files().lease(id)) {
          known = SegmentFile.read(lease.file(), archiveId);
        }
        segments.put(id.number(), known);
      }
      found.add(known);
    }
    return found;
  }

  /// Octets of a file.
  long size(FileId id) throws ArchiveException {
    try (OpenFiles.Lease lease = contents.files().lease(id)) {
      return lease.file().size();
    }
  }

  /// Before the frame that holds the leaf at `position`, or will hold it, or before one that is
  /// earlier in the file.
  FilePosition filePosition(long position) throws ArchiveException {
    Followed known = followed;
    if (known.position == position && known.at != null && isThere(known.at.file())) {
      return known.at;
    }
    return holderOf(position);
  }

  /// Like [#filePosition], without regard to where anybody left.
  FilePosition holderOf(long position) throws ArchiveException {
    List<SegmentFile> segments = segments();
    for (SegmentFile segment : segments.reversed()) {
      if (segment.firstLeaf() <= position && position < segment.endLeaf()) {
        return new FilePosition(segment.id(), eventsBefore(segment, position));
      }
    }
    JournalFile holder = null;
    for (JournalFile journal : journals()) {
      if (journal.firstLeaf() <= position) {
        holder = journal;
      }
    }
    if (holder == null && segments().size() > segments.size()) {
      // Sealed, and its journal removed, between the two looks.
      return holderOf(position);
    }
    if (holder == null) {
      throw new CorruptArchiveException(
          FileId.Kind.JOURNAL.folder(), -1, "the file of leaf " + position, "none");
    }
    return new FilePosition(holder.id(), JournalFile.HEADER);
  }

  private boolean isThere(FileId id) throws ArchiveException {
    try (OpenFiles.Lease lease = contents.files().lease(id)) {
      return lease.file().id().equals(id);
    } catch (CorruptArchiveException e) {
      return false;
    }
  }

  /// The end of the last events frame that holds only leaves before `position`.
  private long eventsBefore(SegmentFile segment, long position) throws ArchiveException {
    try (OpenFiles.Lease lease = contents.files().lease(segment.id())) {
      FrameFile file = lease.file();
      long at = SegmentFile.HEADER;
      Footer.@Nullable EventFrame before = null;
      for (Footer.EventFrame frame : SegmentFile.footer(file).eventFrames()) {
        if (frame.first() > position) {
          break;
        }
        if (before != null) {
          at = file.frame(before.offset(), Frame.Kind.EVENTS).end();
        }
        before = frame;
      }
      return at;
    }
  }

  /// Whoever follows the log comes back to where it left: remembered, so that a journal is not read
  /// from its beginning each time.
  void leftAt(long position, FilePosition at) {
    followed = new Followed(position, at);
  }

  /// Where a message lies in a segment, by their tables; null when it lies in none.
  @Nullable Place inSegments(ContentId id) throws ArchiveException {
    for (SegmentFile segment : segments().reversed()) {
      try (OpenFiles.Lease lease = contents.files().lease(segment.id())) {
        FrameFile file = lease.file();
        TableEntry entry =
            TableEntry.find(file, SegmentFile.footer(file), id, TableEntry.Type.MESSAGE);
        if (entry != null) {
          return new Place(segment.id(), entry.offset(), entry.index());
        }
      }
    }
    return null;
  }

  /// Where a message lies in a journal, found by reading them from frame to frame: they have no
  /// table, for they are few, and what an index says of them is seldom wrong. Null when it lies in
  /// none, or behind a frame that is damaged.
  @Nullable Place inJournals(ContentId id) throws ArchiveException {
    for (JournalFile journal : journals().reversed()) {
      try (OpenFiles.Lease lease = contents.files().lease(journal.id())) {
        FrameFile file = lease.file();
        long at = JournalFile.HEADER;
        for (Frame frame = file.frame(at); frame != null; frame = file.frame(at)) {
          at = frame.end();
          int index =
              frame.kind() == Frame.Kind.MESSAGES
                  ? MessageRecord.ids(file.content(frame), frame, file).indexOf(id)
                  : -1;
          if (index >= 0) {
            return new Place(journal.id(), frame.offset(), index);
          }
        }
      } catch (CorruptArchiveException e) {
        // What is being written, or was when the process died, is no frame yet.
      }
    }
    return null;
  }

  /// A place between two frames.
  record FilePosition(FileId file, long offset) {}

  private record Followed(long position, @Nullable FilePosition at) {}
}
