package org.muniment.archive.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Progress;

/// Checks the octets of journals and segments, file by file, but for those that an interrupted run
/// has read already.
final class FileChecks {

  private final Verification run;
  private final FrameFiles files;
  private final long covered;
  private final @Nullable ResumeFile resume;
  private final Map<Long, SegmentCheck.Facts> facts = new ConcurrentSkipListMap<>();

  /// @param covered number of leaves that the checkpoint covers
  /// @param resume knows what was read already, and is told of what is read
  FileChecks(Verification run, FrameFiles files, long covered, @Nullable ResumeFile resume) {
    this.run = run;
    this.files = files;
    this.covered = covered;
    this.resume = resume;
  }

  /// What the segments are that were read, by their numbers.
  Map<Long, SegmentCheck.Facts> facts() {
    return facts;
  }

  /// Reads them.
  ///
  /// @param from leaf before which all was verified before
  /// @param sealed segments to read also when they hold only such leaves, null for all
  void read(long from, @Nullable Set<Long> sealed, Progress progress) throws ArchiveException {
    progress.expect(octets());
    // Two at a time, so that one begins while the last frames of another are checked.
    try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
      List<Future<?>> reading = new ArrayList<>();
      for (SegmentFile segment : files.segments()) {
        boolean known =
            sealed != null && segment.endLeaf() <= from && !sealed.contains(segment.number());
        reading.add(
            readers.submit(
                () -> {
                  readSegment(segment, known);
                  return null;
                }));
      }
      for (JournalFile journal : files.journals()) {
        JournalFile following = files.following(journal);
        if (following == null || following.firstLeaf() > from || from == 0) {
          reading.add(
              readers.submit(
                  () -> {
                    readJournal(journal);
                    return null;
                  }));
        }
      }
      for (Future<?> file : reading) {
        Workers.await(file);
      }
    }
  }

  private long octets() throws ArchiveException {
    long octets = 0;
    List<FileId> ids = new ArrayList<>();
    files.segments().forEach(segment -> ids.add(segment.id()));
    files.journals().forEach(journal -> ids.add(journal.id()));
    for (FileId id : ids) {
      octets += Math.max(0, run.length(id.name()));
    }
    return octets;
  }

  private void readSegment(SegmentFile segment, boolean known) throws ArchiveException {
    Findings own = new Findings(run.findings());
    SegmentCheck check = new SegmentCheck(run.with(own), segment.id());
    String name = segment.id().name();
    ResumeFile.Read before = resume == null ? null : resume.read(name, run.length(name));
    SegmentCheck.Facts found;
    if (before != null) {
      before.findings().forEach(run.findings()::add);
      found = check.readTables(before.damaged());
      found = found == null ? null : found.of(before.sha256());
    } else {
      found = known ? check.readTables(Set.of()) : check.readAll();
    }
    if (found != null) {
      facts.put(segment.number(), found);
      if (resume != null && !known && before == null) {
        resume.add(name, new ResumeFile.Read(found.length(), found.sha256(), own.findings()));
      }
    }
  }

  private void readJournal(JournalFile journal) throws ArchiveException {
    boolean sealed = files.isSealed(journal);
    String name = journal.id().name();
    ResumeFile.Read before = resume == null || !sealed ? null : resume.read(name, run.length(name));
    if (before != null) {
      before.findings().forEach(run.findings()::add);
      return;
    }
    Findings own = new Findings(run.findings());
    try (OpenFiles.Lease lease = run.files().lease(journal.id())) {
      new JournalCheck(run.with(own), lease.file(), journal)
          .read(files.following(journal), covered, sealed);
      if (resume != null && sealed) {
        resume.add(name, new ResumeFile.Read(lease.file().size(), null, own.findings()));
      }
    } catch (CorruptArchiveException e) {
      if (files.exists(journal.id())) {
        run.findings().add(e);
      }
    }
  }
}
