package org.muniment.indexer.catalog;

import java.time.Instant;
import org.muniment.archive.event.Event;

/// What a capture run left in the log.
///
/// @param leaf index of its entry
/// @param ended when it was archived
public record Receipt(long leaf, Instant ended, Event.Poll poll) {}
