package org.muniment.archive.verify;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.TableEntry;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.SortedRuns;

/// Checks the octets of a journal, up to the frame with the last event that the checkpoint covers:
/// what follows is an append that goes on, or that a crash ended.
final class JournalCheck {

  private final Verification run;
  private final Findings findings;
  private final FrameFile file;
  private final JournalFile journal;

  JournalCheck(Verification run, FrameFile file, JournalFile journal) {
    this.run = run;
    this.findings = run.findings();
    this.file = file;
    this.journal = journal;
  }

  /// @param following the journal whose number is the next, null when there is none
  /// @param covered number of leaves that the checkpoint covers
  /// @param sealed whether a segment holds all of it, too
  void read(@Nullable JournalFile following, long covered, boolean sealed) throws ArchiveException {
    try (SortedRuns found = new SortedRuns(TableEntry.LENGTH)) {
      run.tally().file();
      Batches batches = new Batches(run.workers(), new ContentCheck(run, file, found, !sealed));
      long end = walk(batches, covered);
      batches.await();
      if (following != null && following.firstLeaf() <= covered && end != following.firstLeaf()) {
        findings.add(
            file.corrupt(-1, "events up to leaf " + following.firstLeaf(), "events up to " + end));
      }
    }
  }

  /// @return first leaf after the journal, as far as it is covered
  private long walk(Batches batches, long covered) throws ArchiveException {
    FrameWalk walk = new FrameWalk(file, JournalFile.HEADER, findings);
    Frame unplaced = null;
    long next = journal.firstLeaf();
    boolean state = true;
    while (next < covered) {
      Frame frame = walk.next();
      if (frame == null) {
        break;
      }
      if ((frame.kind() == Frame.Kind.STATE) != state && !walk.damaged()) {
        findings.add(
            file.corrupt(frame.offset(), state ? "a state" : "one state", "" + frame.kind()));
      }
      state = false;
      switch (frame.kind()) {
        case STATE -> batches.add(frame);
        case PART, PIECE, MESSAGES -> {
          unplaced = unplaced == null ? frame : unplaced;
          batches.add(frame);
        }
        case EVENTS -> {
          unplaced = null;
          batches.add(frame);
          next = frame.first() + frame.count();
        }
        case TABLE, FOOTER ->
            findings.add(file.corrupt(frame.offset(), "a frame of a journal", "" + frame.kind()));
      }
    }
    if (unplaced != null && next < covered) {
      findings.add(file.corrupt(unplaced.offset(), "events behind what they place", "none"));
    }
    return next;
  }
}
