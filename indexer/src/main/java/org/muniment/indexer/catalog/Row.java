package org.muniment.indexer.catalog;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.mail.KeptStructure;
import org.muniment.indexer.mail.SentDate;

/// A message in a mailbox, for a list.
///
/// @param uid in the IMAP view
/// @param message number of the message
/// @param length number of octets
/// @param internalDate INTERNALDATE of this placement
/// @param captured when this placement was archived
/// @param sentDate the Date field, null when missing or not understood
/// @param flags as last observed
/// @param absence null while it is at the source
/// @param changed leaf of the last event that touched this placement
/// @param structure null when not asked for
public record Row(
    Uid uid,
    int message,
    ContentId content,
    long length,
    Location location,
    Instant internalDate,
    Instant captured,
    @Nullable SentDate sentDate,
    Set<SourceText> flags,
    @Nullable Absence absence,
    long changed,
    @Nullable KeptStructure structure) {

  public Row {
    flags = Set.copyOf(flags);
  }
}
