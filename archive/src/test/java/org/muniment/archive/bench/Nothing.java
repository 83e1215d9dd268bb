package org.muniment.archive.bench;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.ContentIndex;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;

/// An index that follows the log and finds nothing: all messages are new.
final class Nothing implements ContentIndex {

  private volatile long position;

  /// @param end number of log entries that it covers from now on
  void follow(long end) {
    position = end;
  }

  @Override
  public @Nullable Location find(ContentId id) {
    return null;
  }

  @Override
  public @Nullable Location findPart(ContentId id) {
    return null;
  }

  @Override
  public long position() {
    return position;
  }
}
