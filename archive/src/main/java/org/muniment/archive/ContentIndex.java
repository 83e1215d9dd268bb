package org.muniment.archive;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;

/// Finds where octets lie. The catalogue is one; the archive keeps none of its own beyond what is
/// newer than this.
public interface ContentIndex {

  /// Where the octets lie, or null when no entry before [#position()] holds them.
  @Nullable Location find(ContentId id);

  /// The number of log entries that this index covers: it knows of every entry with an index below
  /// it.
  long position();
}
