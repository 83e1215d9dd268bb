package org.muniment.server.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/// A part of the day, each day the same by the clock of a zone. One that ends before it begins goes
/// over midnight.
///
/// ```
/// hours = HH ":" MM "-" HH ":" MM
/// ```
///
/// @param from its first moment
/// @param to the first moment after it, unlike `from`
public record Hours(LocalTime from, LocalTime to, ZoneId zone) {

  /// @throws BadValueException when there is no time between the two
  public Hours {
    if (from.equals(to)) {
      throw new BadValueException("hours", "begin and end at " + from + ": leave it out for all");
    }
  }

  /// @throws BadValueException when `text` is none
  static Hours parse(String text, ZoneId zone) {
    int dash = text.indexOf('-');
    try {
      if (dash > 0) {
        return new Hours(
            LocalTime.parse(text.substring(0, dash).strip()),
            LocalTime.parse(text.substring(dash + 1).strip()),
            zone);
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw new BadValueException(
        "hours", "\"" + text + "\" is no part of the day: one is written \"22:00-06:00\"");
  }

  /// Whether they have `moment`.
  public boolean has(Instant moment) {
    LocalTime time = moment.atZone(zone).toLocalTime();
    boolean begun = !time.isBefore(from);
    boolean on = time.isBefore(to);
    return from.isBefore(to) ? begun && on : begun || on;
  }

  /// When they begin next after `moment`.
  public Instant next(Instant moment) {
    LocalDate day = moment.atZone(zone).toLocalDate();
    // Where the clock is put forward over it, the moment to which it is put.
    Instant today = ZonedDateTime.of(day, from, zone).toInstant();
    return today.isAfter(moment)
        ? today
        : ZonedDateTime.of(day.plusDays(1), from, zone).toInstant();
  }

  @Override
  public String toString() {
    return from + "-" + to + " " + zone;
  }
}
