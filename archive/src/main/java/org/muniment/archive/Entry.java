package org.muniment.archive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;

/// One entry of the log with its event.
///
/// @param index leaf index, from 0
/// @param time when it was appended; milliseconds, never before that of the previous entry
/// @param location where the octets of a placement lie, null for other events
public record Entry(long index, Instant time, Event event, @Nullable Location location) {}
