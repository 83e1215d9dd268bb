package org.muniment.archive;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;

/// Finds where octets lie. The catalogue is one; the archive keeps none of its own beyond what is
/// newer than this. What it says is a hint: the archive looks whether it is true.
public interface ContentIndex {

  /// Where a message lies, or null when no entry before [#position()] holds it.
  @Nullable Location find(ContentId id);

  /// Where a part lies in a segment, or null when no segment that a [Event.Seal] before
  /// [#position()] names holds it.
  @Nullable Location findPart(ContentId id);

  /// The number of log entries that this index covers: it knows of every entry with an index below
  /// it.
  long position();
}
