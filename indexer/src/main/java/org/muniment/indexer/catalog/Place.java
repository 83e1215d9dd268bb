package org.muniment.indexer.catalog;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;

/// One place of a message.
///
/// @param message number of the message
/// @param uid in the IMAP view
/// @param source where it was at the source
/// @param flags as last observed
/// @param captured when it was archived
/// @param absence null while it is at the source
/// @param leaf index of its entry in the log
public record Place(
    int message,
    Mailbox mailbox,
    Uid uid,
    Event.SourceId source,
    Instant internalDate,
    Set<SourceText> flags,
    Event.Provenance provenance,
    Instant captured,
    @Nullable Absence absence,
    long leaf) {

  public Place {
    flags = Set.copyOf(flags);
  }
}
