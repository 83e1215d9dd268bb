package org.muniment.archive.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.ContentIndex;
import org.muniment.archive.Entries;
import org.muniment.archive.Entry;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.store.ArchiveException;

/// What the catalogue is to the product: where octets lie, in memory, for some tens of thousands of
/// messages.
final class BenchIndex implements ContentIndex {

  private final Map<ContentId, Stored> messages = new HashMap<>();
  private final Map<ContentId, Location> parts = new HashMap<>();
  private long position;

  @Override
  public synchronized @Nullable Location find(ContentId id) {
    Stored found = messages.get(id);
    return found == null ? null : found.location;
  }

  @Override
  public synchronized @Nullable Location findPart(ContentId id) {
    return parts.get(id);
  }

  @Override
  public synchronized long position() {
    return position;
  }

  /// Reads what is durable and not yet known.
  synchronized void follow(Archive archive) throws ArchiveException {
    try (Entries entries = archive.entriesFrom(position)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        Location location = entry.location();
        if (entry.event() instanceof Event.Placement placement && location != null) {
          messages.put(
              placement.content(),
              new Stored(placement.content(), location, placement.length(), entry.index()));
        }
        if (entry.event() instanceof Event.Seal seal) {
          archive.sealed(seal, new Moves());
        }
        position = entry.index() + 1;
      }
    }
  }

  /// Every distinct message, in order of arrival.
  synchronized List<Stored> all() {
    List<Stored> all = new ArrayList<>(messages.values());
    all.sort(Comparator.comparingLong(Stored::entry));
    return all;
  }

  private final class Moves implements Archive.Sealed {
    @Override
    public void message(ContentId id, Location location) {
      messages.computeIfPresent(id, (key, known) -> known.at(location));
    }

    @Override
    public void part(ContentId id, Location location) {
      parts.put(id, location);
    }
  }

  /// A message and where it lies.
  ///
  /// @param entry that brought it
  record Stored(ContentId id, Location location, long length, long entry) {

    private Stored at(Location moved) {
      return new Stored(id, moved, length, entry);
    }
  }
}
