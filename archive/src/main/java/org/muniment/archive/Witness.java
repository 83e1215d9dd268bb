package org.muniment.archive;

import java.io.Closeable;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.archive.log.TreeProofs;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// Gives evidence of events, all as of one checkpoint, however much the log grows meanwhile. Quick
/// for leaves that are asked for in ascending order. Not safe for use by many threads.
public final class Witness implements Closeable {

  /// So many entries are read over rather than looked up again.
  private static final long NEAR = 5_000;

  private final Archive archive;
  private final SignedCheckpoint checkpoint;
  private final Note.Verifier logKey;
  private final TreeProofs proofs;
  private @Nullable Entries entries;
  private long next;

  Witness(Archive archive, SignedCheckpoint checkpoint, Note.Verifier logKey) {
    this.archive = archive;
    this.checkpoint = checkpoint;
    this.logKey = logKey;
    this.proofs = new TreeProofs(archive.disk(), Archive.LOG, checkpoint.checkpoint().size());
  }

  /// The key that signed the checkpoint.
  public Note.Verifier logKey() {
    return logKey;
  }

  /// All that shows a stranger that an event is in the log.
  ///
  /// @param leaf index of the event's leaf, below the size of the checkpoint
  public Evidence evidence(long leaf) throws ArchiveException {
    if (leaf < 0 || leaf >= checkpoint.checkpoint().size()) {
      throw new IllegalArgumentException(
          "leaf " + leaf + " of a log of " + checkpoint.checkpoint().size() + " entries");
    }
    LoggedEvent logged = logged(leaf);
    return new Evidence(
        leaf,
        logged.event(),
        logged.blind(),
        logged.leaf(),
        proofs.inclusion(leaf),
        checkpoint.octets(),
        logKey);
  }

  private LoggedEvent logged(long leaf) throws ArchiveException {
    Entries reading = entries;
    if (reading == null || leaf < next || leaf - next > NEAR) {
      close();
      reading = new Entries(archive, leaf, checkpoint.checkpoint().size());
      entries = reading;
      next = leaf;
    }
    try {
      LoggedEvent logged = reading.nextLogged();
      for (next++; logged != null && next <= leaf; next++) {
        logged = reading.nextLogged();
      }
      if (logged == null) {
        throw new CorruptArchiveException("log", -1, "the event of leaf " + leaf, "the end");
      }
      return logged;
    } catch (ArchiveException e) {
      close(); // where it stands now is not known
      throw e;
    }
  }

  @Override
  public void close() throws ArchiveException {
    if (entries != null) {
      Entries reading = entries;
      entries = null;
      reading.close();
    }
  }
}
