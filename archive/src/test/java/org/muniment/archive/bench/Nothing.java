package org.muniment.archive.bench;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.ContentIndex;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;

/// An index that has followed the log and found nothing: all messages are new.
///
/// @param position number of log entries that it covers
record Nothing(long position) implements ContentIndex {

  @Override
  public @Nullable Location find(ContentId id) {
    return null;
  }
}
