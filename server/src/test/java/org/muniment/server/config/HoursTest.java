package org.muniment.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoursTest {

  @ParameterizedTest
  @CsvSource({
    "22:00-06:00, 21:59, false",
    "22:00-06:00, 22:00, true",
    "22:00-06:00, 00:00, true",
    "22:00-06:00, 05:59, true",
    "22:00-06:00, 06:00, false",
    "06:00-22:00, 05:59, false",
    "06:00-22:00, 06:00, true",
    "06:00-22:00, 21:59, true",
    "06:00-22:00, 22:00, false",
    "23:30-00:00, 23:45, true",
    "23:30-00:00, 00:00, false",
  })
  void theEndIsOutside(String hours, String time, boolean inside) {
    Instant moment = Instant.parse("2026-01-02T" + time + ":00Z");
    assertThat(Hours.parse(hours, ZoneOffset.UTC).has(moment)).isEqualTo(inside);
  }

  /// In Berlin the clock is put from 2 to 3 on 29 March 2026, and back on 25 October.
  @ParameterizedTest
  @CsvSource({
    "22:00-06:00, 2026-01-02T12:00:00Z, 2026-01-02T21:00:00Z",
    "22:00-06:00, 2026-01-02T21:00:00Z, 2026-01-03T21:00:00Z",
    "22:00-06:00, 2026-01-02T23:30:00Z, 2026-01-03T21:00:00Z",
    "22:00-06:00, 2026-03-29T12:00:00Z, 2026-03-29T20:00:00Z",
    "02:30-06:00, 2026-03-29T00:00:00Z, 2026-03-29T01:30:00Z",
    "02:30-06:00, 2026-10-24T12:00:00Z, 2026-10-25T00:30:00Z",
  })
  void theyBeginNextByTheClockOfTheZone(String hours, Instant moment, Instant next) {
    Hours berlin = Hours.parse(hours, ZoneId.of("Europe/Berlin"));
    assertThat(berlin.next(moment)).isEqualTo(next);
    assertThat(berlin.has(next)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "22", "22:00", "22:00-", "-06:00", "22-6", "24:01-06:00", "a-b"})
  void whatIsNoPartOfTheDayIsRefused(String text) {
    assertThatThrownBy(() -> Hours.parse(text, ZoneOffset.UTC))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("22:00-06:00");
  }
}
