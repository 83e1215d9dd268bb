package org.muniment.archive;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.store.ArchiveException;

/// An index in memory that follows an archive when it is told to.
public final class MapIndex implements ContentIndex {

  private final Map<ContentId, Location> locations = new HashMap<>();
  private final Map<ContentId, Location> parts = new HashMap<>();
  private long position;

  @Override
  public synchronized @Nullable Location find(ContentId id) {
    return locations.get(id);
  }

  @Override
  public synchronized @Nullable Location findPart(ContentId id) {
    return parts.get(id);
  }

  @Override
  public synchronized long position() {
    return position;
  }

  /// Reads all entries that are durable and not yet known.
  public synchronized MapIndex follow(Archive archive) throws ArchiveException {
    try (Entries entries = archive.entriesFrom(position)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.event() instanceof Event.Placement placement && entry.location() != null) {
          locations.putIfAbsent(placement.content(), entry.location());
        }
        if (entry.event() instanceof Event.Seal seal) {
          archive.sealed(seal, new Moves());
        }
        position = entry.index() + 1;
      }
    }
    return this;
  }

  private final class Moves implements Archive.Sealed {
    @Override
    public void message(ContentId id, Location location) {
      locations.put(id, location);
    }

    @Override
    public void part(ContentId id, Location location) {
      parts.put(id, location);
    }
  }
}
