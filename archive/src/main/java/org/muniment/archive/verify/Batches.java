package org.muniment.archive.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.muniment.archive.format.Frame;
import org.muniment.archive.store.ArchiveException;

/// Hands the frames of one file out to be checked on all processors, in batches, so that the parts
/// of most messages are in the batch of the message.
final class Batches {

  /// Octets from which on a batch may end behind messages or events.
  private static final long ENOUGH = 4 << 20;

  /// Octets from which on it ends at all, but never within a part.
  private static final long FULL = 32 << 20;

  /// Frames at which it ends even within a part, whose check then fails: a part of so many pieces
  /// has 64 GiB, or is made to fill the memory.
  private static final int MOST = 1 << 16;

  private final Workers workers;
  private final ContentCheck check;
  private final List<Future<Void>> submitted = new ArrayList<>();
  private List<Frame> frames = new ArrayList<>();
  private long stored;

  Batches(Workers workers, ContentCheck check) {
    this.workers = workers;
    this.check = check;
  }

  void add(Frame frame) {
    if ((frame.kind() != Frame.Kind.PIECE && isEnough()) || frames.size() == MOST) {
      submit();
    }
    frames.add(frame);
    stored += Frame.HEADER + frame.stored();
  }

  private boolean isEnough() {
    if (stored < ENOUGH) {
      return false;
    }
    Frame.Kind last = frames.getLast().kind();
    return stored >= FULL || last == Frame.Kind.MESSAGES || last == Frame.Kind.EVENTS;
  }

  private void submit() {
    List<Frame> batch = frames;
    long octets = stored;
    submitted.add(workers.submit(() -> check.run(batch, octets)));
    frames = new ArrayList<>();
    stored = 0;
  }

  /// Returns when all frames were checked.
  void await() throws ArchiveException {
    if (!frames.isEmpty()) {
      submit();
    }
    for (Future<Void> batch : submitted) {
      Workers.await(batch);
    }
    submitted.clear();
  }
}
