package org.muniment.archive;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.Place;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// Entries in order of the log, read from segments and journals. Not safe for use by many threads.
public final class Entries implements Closeable {

  private final Archive archive;
  private final long end;
  private final Map<ContentId, Location> locations = new HashMap<>();

  /// Frames of messages before the next frame of events.
  private final List<Frame> unread = new ArrayList<>();

  private final Queue<Ready> ready = new ArrayDeque<>();
  private long position;
  private long frameEnd = -1;
  private OpenFiles.@Nullable Lease lease;
  private long offset;

  /// @param position index of the first entry to give
  /// @param end index after the last
  Entries(Archive archive, long position, long end) {
    this.archive = archive;
    this.position = position;
    this.end = end;
  }

  /// The next entry, or null at the end.
  public @Nullable Entry next() throws ArchiveException {
    Ready next = nextReady();
    return next == null ? null : next.entry;
  }

  /// The next event as it is kept, or null at the end.
  @Nullable LoggedEvent nextLogged() throws ArchiveException {
    Ready next = nextReady();
    return next == null ? null : next.logged;
  }

  private @Nullable Ready nextReady() throws ArchiveException {
    while (ready.isEmpty()) {
      if (position >= end) {
        return null;
      }
      readFrame();
    }
    position++;
    return ready.remove();
  }

  private void readFrame() throws ArchiveException {
    FrameFile from = file();
    Frame frame = from.frame(offset);
    if (frame == null) {
      leave(from, "the end");
      return;
    }
    offset = frame.end();
    switch (frame.kind()) {
      case STATE, PART, PIECE -> {}
      case MESSAGES -> unread.add(frame);
      case EVENTS -> {
        if (isBefore(frame, from.id())) {
          frameEnd = frame.first() + frame.count();
        } else {
          readMessages(from);
          readEvents(from, frame);
        }
        unread.clear();
      }
      case TABLE, FOOTER -> leave(from, frame.kind().toString());
    }
  }

  /// Whether all events of a frame are before the position. In a segment they may have gaps.
  private boolean isBefore(Frame frame, FileId file) {
    return file.kind() == FileId.Kind.JOURNAL && frame.first() + frame.count() <= position;
  }

  private void readMessages(FrameFile from) throws ArchiveException {
    for (Frame frame : unread) {
      // Whoever follows the log reads the messages next.
      byte[] content = archive.contents().content(from, frame);
      int index = 0;
      for (ContentId id : MessageRecord.ids(content, frame, from)) {
        Place place = new Place(from.id(), frame.offset(), index++);
        locations.put(id, new Location(place.text()));
      }
    }
  }

  private void readEvents(FrameFile from, Frame frame) throws ArchiveException {
    for (LoggedEvent logged : LoggedEvent.read(from, frame)) {
      frameEnd = logged.index() + 1;
      if (logged.index() >= position && logged.index() < end) {
        if (logged.index() != position + ready.size()) {
          throw from.corrupt(
              frame.offset(), "leaf " + (position + ready.size()), "leaf " + logged.index());
        }
        ready.add(new Ready(entry(logged, from, frame), logged));
      }
    }
    locations.clear();
  }

  private Entry entry(LoggedEvent logged, FrameFile from, Frame frame) throws ArchiveException {
    try {
      Event event = logged.parse();
      Location location =
          event instanceof Event.Placement placement ? locations.get(placement.content()) : null;
      return new Entry(logged.index(), logged.time(), event, location);
    } catch (IllegalArgumentException e) {
      throw from.corrupt(frame.offset(), "an event", String.valueOf(e.getMessage()));
    }
  }

  private void leave(FrameFile from, String found) throws ArchiveException {
    ArchiveFiles.FilePosition next = archive.files().holderOf(position);
    if (next.file().equals(from.id())) {
      throw from.corrupt(offset, "the event of leaf " + position, found);
    }
    giveBack();
    open(next);
  }

  private FrameFile file() throws ArchiveException {
    if (lease == null) {
      open(archive.files().filePosition(position));
    }
    return Objects.requireNonNull(lease).file();
  }

  private void open(ArchiveFiles.FilePosition at) throws ArchiveException {
    try {
      lease = archive.contents().files().lease(at.file());
      offset = at.offset();
    } catch (CorruptArchiveException e) {
      ArchiveFiles.FilePosition now = archive.files().holderOf(position);
      if (now.file().equals(at.file())) {
        throw e;
      }
      // A journal that was sealed, and removed before it was open.
      open(now);
    }
  }

  private void giveBack() throws ArchiveException {
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }

  @Override
  public void close() throws ArchiveException {
    if (lease != null && position == frameEnd && unread.isEmpty()) {
      archive.files().leftAt(position, new ArchiveFiles.FilePosition(lease.file().id(), offset));
    }
    giveBack();
  }

  private record Ready(Entry entry, LoggedEvent logged) {}
}
