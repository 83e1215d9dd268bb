package org.muniment.indexer.catalog;

import java.util.List;
import java.util.Map;
import org.muniment.archive.Entry;
import org.muniment.archive.event.ContentId;

/// Entries to apply together.
///
/// @param entries at least one, in order of the log
/// @param known numbers of the messages among them that the catalogue has already
/// @param fresh what was read of the others
record Batch(List<Entry> entries, Map<ContentId, Integer> known, Map<ContentId, Headline> fresh) {

  Batch {
    entries = List.copyOf(entries);
    known = Map.copyOf(known);
    fresh = Map.copyOf(fresh);
  }

  /// Index of the first entry.
  long from() {
    return entries.getFirst().index();
  }

  Entry last() {
    return entries.getLast();
  }
}
