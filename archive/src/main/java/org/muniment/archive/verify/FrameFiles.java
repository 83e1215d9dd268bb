package org.muniment.archive.verify;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// The journals and segments as they were when a run began. Journals that no segment covers stay
/// open, because a writer may seal and remove them meanwhile.
final class FrameFiles implements Closeable {

  private final Verification run;
  private final long covered;
  private final TreeMap<Long, SegmentFile> segments = new TreeMap<>();
  private final TreeMap<Long, JournalFile> journals = new TreeMap<>();
  private final Map<Long, OpenFiles.Lease> open = new HashMap<>();
  private final List<FileId> unreadable = new ArrayList<>();
  private @Nullable CorruptArchiveException unreadableLast;

  private FrameFiles(Verification run, long covered) {
    this.run = run;
    this.covered = covered;
  }

  /// Segments are looked for before the journals, to know which journals are sealed, and after
  /// them, because journals go only when their segment is there.
  ///
  /// @param covered number of leaves that the checkpoint covers
  static FrameFiles list(Verification run, long covered) throws ArchiveException {
    FrameFiles files = new FrameFiles(run, covered);
    files.listSegments();
    files.listJournals();
    files.listSegments();
    return files;
  }

  /// The segments that have a right header, by number.
  List<SegmentFile> segments() {
    return List.copyOf(segments.values());
  }

  /// The journals that have a right header, by number.
  List<JournalFile> journals() {
    return List.copyOf(journals.values());
  }

  /// Segments whose header cannot be read.
  List<FileId> unreadable() {
    return unreadable;
  }

  /// Why the newest journal cannot be read at all, which is what a crash leaves when nothing in it
  /// was acknowledged; null when it can.
  @Nullable CorruptArchiveException unreadableLast() {
    return unreadableLast;
  }

  /// The journal with the number after that of another, null when there is none.
  @Nullable JournalFile following(JournalFile journal) {
    return journals.get(journal.number() + 1);
  }

  /// Whether what a journal holds lies in a segment, too, so that the journal may be removed.
  boolean isSealed(JournalFile journal) {
    return segments.values().stream()
        .anyMatch(s -> s.firstLeaf() <= journal.firstLeaf() && journal.firstLeaf() < s.endLeaf());
  }

  /// Whether a file is there still.
  boolean exists(FileId id) throws ArchiveException {
    return run.disk().list(id.kind().folder()).contains(id.fileName());
  }

  private void listSegments() throws ArchiveException {
    for (FileId id : ids(FileId.Kind.SEGMENT)) {
      if (!segments.containsKey(id.number()) && !unreadable.contains(id)) {
        try (OpenFiles.Lease lease = run.files().lease(id)) {
          segments.put(id.number(), SegmentFile.read(lease.file(), run.format().id()));
        } catch (CorruptArchiveException e) {
          if (exists(id)) {
            unreadable.add(id);
            run.findings().add(e);
          }
        }
      }
    }
  }

  private void listJournals() throws ArchiveException {
    List<FileId> ids = ids(FileId.Kind.JOURNAL);
    for (FileId id : ids) {
      OpenFiles.Lease lease = null;
      try {
        lease = run.files().lease(id);
        JournalFile journal = JournalFile.read(lease.file(), run.format().id());
        requireState(journal, lease, id.equals(ids.getLast()));
        journals.put(id.number(), journal);
        if (!isSealed(journal)) {
          open.put(id.number(), lease);
          lease = null;
        }
      } catch (CorruptArchiveException e) {
        refuse(id, e, id.equals(ids.getLast()));
      } finally {
        if (lease != null) {
          lease.close();
        }
      }
    }
  }

  /// A journal without a state is damaged, but for the newest with nothing acknowledged in it.
  private void requireState(JournalFile journal, OpenFiles.Lease lease, boolean last)
      throws ArchiveException {
    try {
      JournalFile.state(lease.file());
    } catch (CorruptArchiveException e) {
      if (last && journal.firstLeaf() >= covered) {
        throw e;
      }
      run.findings().add(e);
    }
  }

  private void refuse(FileId id, CorruptArchiveException e, boolean last) throws ArchiveException {
    if (exists(id)) {
      if (last) {
        unreadableLast = e;
      } else {
        run.findings().add(e);
      }
    }
  }

  private List<FileId> ids(FileId.Kind kind) throws ArchiveException {
    List<FileId> ids = new ArrayList<>();
    for (String name : run.disk().list(kind.folder())) {
      try {
        ids.add(FileId.of(kind, name));
      } catch (CorruptArchiveException e) {
        run.findings().add(e);
      }
    }
    return ids;
  }

  @Override
  public void close() throws ArchiveException {
    for (OpenFiles.Lease lease : open.values()) {
      lease.close();
    }
  }
}
