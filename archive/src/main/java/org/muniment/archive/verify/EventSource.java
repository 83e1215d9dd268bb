package org.muniment.archive.verify;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// The events of one file, in order. Goes on behind damage.
final class EventSource implements Closeable {

  private final OpenFiles.Lease lease;
  private final FrameFile file;
  private final boolean contiguous;
  private final Queue<LoggedEvent> events = new ArrayDeque<>();
  private long offset;
  private long frameOffset;

  /// Least leaf that the next frame may begin with.
  private long next;

  private boolean damaged;
  private boolean ended;

  /// @param lease closed with this
  /// @param first leaf of the file
  /// @param offset of its first frame
  EventSource(OpenFiles.Lease lease, long first, long offset) {
    this.lease = lease;
    this.file = lease.file();
    this.contiguous = file.id().kind() == FileId.Kind.JOURNAL;
    this.next = first;
    this.offset = offset;
  }

  FileId id() {
    return file.id();
  }

  FrameFile file() {
    return file;
  }

  /// Where the frame begins that holds the event last given.
  long frameOffset() {
    return frameOffset;
  }

  /// Whether there is nothing more in it.
  boolean ended() {
    return ended && events.isEmpty();
  }

  /// The event of a leaf, null when the file does not hold it. Events before it are passed over.
  ///
  /// @param damage told of what cannot be read
  @Nullable LoggedEvent at(long leaf, Damage damage) throws ArchiveException {
    LoggedEvent first = first(leaf, damage);
    return first == null || first.index() != leaf ? null : first;
  }

  /// The first event whose leaf is not before `leaf`, null when there is none.
  @Nullable LoggedEvent first(long leaf, Damage damage) throws ArchiveException {
    while (!ended || !events.isEmpty()) {
      LoggedEvent event = events.peek();
      if (event == null) {
        readFrame(leaf, damage);
      } else if (event.index() < leaf) {
        events.remove();
      } else {
        return event;
      }
    }
    return null;
  }

  private void readFrame(long leaf, Damage damage) throws ArchiveException {
    try {
      Frame frame = file.frame(offset);
      if (frame == null || frame.kind() == Frame.Kind.TABLE || frame.kind() == Frame.Kind.FOOTER) {
        ended = true;
        return;
      }
      offset = frame.end();
      if (frame.kind() == Frame.Kind.EVENTS) {
        frameOffset = frame.offset();
        checkFirst(frame, damage);
        next = frame.first() + frame.count();
        if (!contiguous || next > leaf) {
          events.addAll(LoggedEvent.read(file, frame));
          next = events.isEmpty() ? next : last() + 1;
        }
      }
    } catch (CorruptArchiveException e) {
      if (!damage.goOn(e)) {
        ended = true;
      } else if (e.offset() >= offset) {
        // The header itself; behind a damaged content the next frame is known.
        offset = file.search(offset + 1);
      }
      damaged = true;
    }
  }

  private long last() {
    long last = next;
    for (LoggedEvent event : events) {
      last = event.index();
    }
    return last;
  }

  private void checkFirst(Frame frame, Damage damage) {
    boolean right = (contiguous && !damaged) ? frame.first() == next : frame.first() >= next;
    if (!right) {
      damage.goOn(file.corrupt(frame.offset(), "leaf " + next, "leaf " + frame.first()));
    }
  }

  @Override
  public void close() throws ArchiveException {
    lease.close();
  }

  /// Hears of what cannot be read.
  interface Damage {
    /// @return whether to look for what follows
    boolean goOn(CorruptArchiveException e);
  }
}
