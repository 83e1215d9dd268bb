package org.muniment.server.capture;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import org.muniment.archive.event.Event;

/// What came of the messages without a usable unique-id when they were read last. While the listing
/// is the same they need not be read again, for a day.
///
/// @param listing its digest
/// @param seen UIDs of the view
/// @param archived how many of them are in the archive
/// @param failed the others
record Pop3Reading(
    String listing, BitSet seen, long archived, List<Event.FailedMessage> failed, Instant at) {

  private static final Duration LONGEST = Duration.ofDays(1);

  Pop3Reading {
    failed = List.copyOf(failed);
  }

  /// Whether it stands for what is listed now.
  boolean holds(String nowListed, Instant now) {
    return listing.equals(nowListed)
        && !now.isBefore(at)
        && now.isBefore(at.plus(LONGEST))
        && failed.stream().noneMatch(message -> Retries.isDue(message, now));
  }
}
