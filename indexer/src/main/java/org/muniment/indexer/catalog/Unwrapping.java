package org.muniment.indexer.catalog;

import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;

/// What was found in a journal mailbox, and of which message it tells.
///
/// @param leaf index of its entry in the log
/// @param message number of the message that a report holds, else of the message that came
/// @param came the message that came to the journal mailbox
public record Unwrapping(long leaf, int message, ContentId came, Event.Unwrapped event) {}
