package org.muniment.server.capture;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;

/// When a message that failed is tried again: after a pause that doubles with each attempt.
final class Retries {

  private static final Duration FIRST = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofDays(1);

  private Retries() {}

  /// The failure of a message.
  ///
  /// @param last its failure before, null when it had none
  static Event.FailedMessage failed(
      Event.SourceId message, SourceText reason, Event.@Nullable FailedMessage last, Instant now) {
    long attempts = last == null ? 1 : last.attempts() + 1;
    return new Event.FailedMessage(message, reason, attempts, now.plus(pause(attempts)));
  }

  static boolean isDue(Event.FailedMessage message, Instant now) {
    return !message.nextTry().isAfter(now);
  }

  private static Duration pause(long attempts) {
    Duration pause = FIRST;
    for (long i = 1; i < attempts && pause.compareTo(LONGEST) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }
}
