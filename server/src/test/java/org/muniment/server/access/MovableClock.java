package org.muniment.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands until it is moved.
final class MovableClock implements InstantSource {

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  void forward(Duration duration) {
    now = now.plus(duration);
  }
}
