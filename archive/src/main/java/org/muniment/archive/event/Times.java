package org.muniment.archive.event;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/// Times as the log writes them: RFC 3339, UTC, always with three digits of a second.
public final class Times {

  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private Times() {}

  /// `2026-11-22T07:08:09.010Z`
  public static String format(Instant time) {
    return MILLISECONDS.format(time);
  }
}
