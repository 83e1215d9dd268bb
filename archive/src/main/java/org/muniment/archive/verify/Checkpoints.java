package org.muniment.archive.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.TileTree;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// The checkpoints that a run compares the log with: the newest, those that were kept because they
/// were sent outside, and those that somebody brings from there. Finds a log that was set back.
final class Checkpoints {

  private static final String NEWEST = TileCheck.LOG + "checkpoint";
  private static final String KEPT = TileCheck.LOG + "checkpoints";

  private final Disk disk;
  private final Findings findings;
  private final Note.Verifier verifier;
  private final List<LogCheck.Known> known = new ArrayList<>();
  private final byte[] note;
  private final Checkpoint newest;

  /// Reads them.
  ///
  /// @param tiles given the last tiles of the newest
  /// @param outside signed checkpoints that lie outside the archive
  /// @throws CorruptArchiveException when there is no right newest one
  Checkpoints(Verification run, Note.Verifier verifier, TileCheck tiles, List<byte[]> outside)
      throws ArchiveException {
    this.disk = run.disk();
    this.findings = run.findings();
    this.verifier = verifier;
    // Before the newest, which may not be older than any.
    readKept();
    this.note = newestNote(tiles);
    this.newest = checkpoint(note);
    known.add(new LogCheck.Known(NEWEST, newest));
    readOutside(outside);
    checkRollback();
  }

  /// The one to verify.
  Checkpoint newest() {
    return newest;
  }

  /// All of them.
  List<LogCheck.Known> known() {
    return known;
  }

  /// Whether the newest is the newest still: nobody has written meanwhile.
  boolean quiet() throws ArchiveException {
    return Arrays.equals(note, note());
  }

  /// The checkpoints kept because they were sent outside. Read before the newest, which may not be
  /// older than any.
  private void readKept() throws ArchiveException {
    for (String size : disk.list(KEPT)) {
      String name = KEPT + "/" + size;
      try {
        byte[] note = disk.read(name);
        Checkpoint checkpoint = Checkpoint.open(note == null ? new byte[0] : note, verifier);
        if (!size.equals(Long.toString(checkpoint.size()))) {
          findings.add(name, "a checkpoint of " + size + " leaves", "of " + checkpoint.size());
        }
        known.add(new LogCheck.Known(name, checkpoint));
      } catch (CorruptArchiveException e) {
        findings.add(e);
      } catch (IllegalArgumentException e) {
        findings.add(name, "a signed checkpoint", String.valueOf(e.getMessage()));
      }
    }
  }

  private void readOutside(List<byte[]> notes) {
    int number = 1;
    for (byte[] note : notes) {
      String name = "checkpoint " + number++ + " from outside";
      try {
        known.add(new LogCheck.Known(name, Checkpoint.open(note, verifier)));
      } catch (IllegalArgumentException e) {
        findings.add(name, "a checkpoint signed by this log", String.valueOf(e.getMessage()));
      }
    }
  }

  /// The newest checkpoint whose last tiles can be read before a writer retires them.
  private byte[] newestNote(TileCheck tiles) throws ArchiveException {
    byte[] note = note();
    while (!tiles.readLast(checkpoint(note).size())) {
      byte[] newer = note();
      if (Arrays.equals(newer, note)) {
        // Nobody writes: what is missing is missing.
        return note;
      }
      note = newer;
    }
    return note;
  }

  private byte[] note() throws ArchiveException {
    byte[] note = disk.read(NEWEST);
    return note == null ? new byte[0] : note;
  }

  private Checkpoint checkpoint(byte[] note) throws CorruptArchiveException {
    try {
      return Checkpoint.open(note, verifier);
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          NEWEST, -1, "a signed checkpoint", String.valueOf(e.getMessage()));
    }
  }

  private void checkRollback() {
    for (LogCheck.Known earlier : known) {
      if (earlier.checkpoint().size() > newest.size()) {
        findings.add(
            NEWEST,
            "at least " + earlier.checkpoint().size() + " leaves, as " + earlier.name() + " says",
            newest.size() + " leaves: the log was set back");
      }
    }
  }

  /// The leaf to begin at, when the archive was verified up to a checkpoint before.
  ///
  /// @param since null when it was not
  long from(@Nullable Checkpoint since) throws ArchiveException {
    if (since == null) {
      return 0;
    }
    known.add(new LogCheck.Known("the checkpoint to verify from", since));
    if (since.size() > newest.size()) {
      checkRollback();
      return 0;
    }
    // Nothing before it is read: what is known of that is compared here.
    for (LogCheck.Known earlier : known) {
      if (earlier.checkpoint().size() < since.size() && !extended(earlier.checkpoint())) {
        findings.add(earlier.name(), "a root that the tiles of the log lead to", "another root");
      }
    }
    return since.size();
  }

  /// Whether the tiles lead to the root of an earlier checkpoint.
  boolean extended(Checkpoint earlier) throws ArchiveException {
    byte[] root = TileTree.read(disk, TileCheck.LOG, earlier.size()).root();
    return HexFormat.of().formatHex(root).equals(earlier.root());
  }
}
