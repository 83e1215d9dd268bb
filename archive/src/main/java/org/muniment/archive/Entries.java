package org.muniment.archive;

import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.JournalReader;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// Entries in order of the log, read from the journals. Not safe for use by many threads.
public final class Entries implements Closeable {

  private final Archive archive;
  private final long end;
  private final Map<ContentId, Location> locations = new HashMap<>();
  private final Queue<Ready> ready = new ArrayDeque<>();
  private long position;
  private long frameEnd = -1;
  private @Nullable JournalReader reader;

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
    JournalReader from = reader();
    Frame frame = from.next();
    if (frame == null) {
      leaveJournal(from);
      return;
    }
    switch (frame.kind()) {
      case STATE, PIECE -> {}
      case MESSAGE ->
          locations.put(
              from.message().id(),
              new JournalPlace(from.journal().number(), from.offset()).location());
      case EVENTS -> {
        frameEnd = frame.first() + frame.count();
        if (frameEnd > position) {
          readEvents(from, frame);
        }
        locations.clear();
      }
    }
  }

  private void readEvents(JournalReader from, Frame frame) throws ArchiveException {
    List<LoggedEvent> events = from.events();
    for (int i = 0; i < events.size(); i++) {
      long index = frame.first() + i;
      if (index >= position && index < end) {
        ready.add(new Ready(entry(index, events.get(i), from), events.get(i)));
      }
    }
  }

  private Entry entry(long index, LoggedEvent logged, JournalReader from)
      throws CorruptArchiveException {
    try {
      Event event = logged.parse();
      Location location =
          event instanceof Event.Placement placement ? locations.get(placement.content()) : null;
      return new Entry(index, logged.time(), event, location);
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          from.journal().name(), from.offset(), "an event", String.valueOf(e.getMessage()));
    }
  }

  private void leaveJournal(JournalReader from) throws ArchiveException {
    JournalFile next = archive.journalOf(position);
    if (next == null || next.number() == from.journal().number()) {
      throw new CorruptArchiveException(
          from.journal().name(), from.offset(), "the event of leaf " + position, "the end");
    }
    from.close();
    reader = archive.readerOf(next);
  }

  private JournalReader reader() throws ArchiveException {
    JournalReader open = reader;
    if (open == null) {
      open = archive.readerAt(position);
      reader = open;
    }
    return open;
  }

  @Override
  public void close() throws ArchiveException {
    if (reader != null) {
      if (position == frameEnd && locations.isEmpty()) {
        archive.leftAt(position, new JournalPlace(reader.journal().number(), reader.end()));
      }
      reader.close();
      reader = null;
    }
  }

  private record Ready(Entry entry, LoggedEvent logged) {}
}
