package org.muniment.archive;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.Place;
import org.muniment.archive.store.ArchiveException;

/// Entries in order of the log, read from segments and journals. Not safe for use by many threads.
public final class Entries implements Closeable {

  private final Archive archive;
  private final long end;
  private final Map<ContentId, Location> locations = new HashMap<>();
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
      case MESSAGES -> {
        // Whoever follows the log reads the messages next.
        byte[] content = archive.contents().content(from, frame);
        int index = 0;
        for (ContentId id : MessageRecord.ids(content, frame, from)) {
          Place place = new Place(from.id(), frame.offset(), index++);
          locations.put(id, new Location(place.text()));
        }
      }
      case EVENTS -> readEvents(from, frame);
      case TABLE, FOOTER -> leave(from, frame.kind().toString());
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
    Archive.FilePosition next = archive.holderOf(position);
    if (next.file().equals(from.id())) {
      throw from.corrupt(offset, "the event of leaf " + position, found);
    }
    giveBack();
    open(next);
  }

  private FrameFile file() throws ArchiveException {
    if (lease == null) {
      open(archive.filePosition(position));
    }
    return Objects.requireNonNull(lease).file();
  }

  private void open(Archive.FilePosition at) throws ArchiveException {
    lease = archive.contents().files().lease(at.file());
    offset = at.offset();
  }

  private void giveBack() throws ArchiveException {
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }

  @Override
  public void close() throws ArchiveException {
    if (lease != null && position == frameEnd && locations.isEmpty()) {
      archive.leftAt(position, new Archive.FilePosition(lease.file().id(), offset));
    }
    giveBack();
  }

  private record Ready(Entry entry, LoggedEvent logged) {}
}
