package org.muniment.server.capture;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How long an account is left alone after its source said what a [Hindrance] says. A suggestion of
/// the source counts, within bounds. Without one the pause doubles from run to run that brought
/// nothing; what chance adds keeps accounts of one server from coming back all at once.
final class BackOff {

  static final Duration LEAST_SUGGESTED = Duration.ofSeconds(1);
  static final Duration MOST_SUGGESTED = Duration.ofHours(12);
  static final Duration FIRST_LATER = Duration.ofMinutes(1);
  static final Duration LONGEST_LATER = Duration.ofHours(4);
  static final Duration FIRST_DENIED = Duration.ofMinutes(5);
  static final Duration LONGEST_DENIED = Duration.ofHours(6);

  /// Chance adds up to this part of a pause.
  static final double MOST_CHANCE = 0.25;

  private final RandomGenerator random;

  BackOff(RandomGenerator random) {
    this.random = random;
  }

  /// The pause after a run.
  ///
  /// @param last the pause before that run, null when there was none
  /// @param fruitful whether the run archived anything
  Pause after(Hindrance hindrance, @Nullable Pause last, boolean fruitful, Instant now) {
    Pause.Kind kind =
        switch (hindrance.kind()) {
          case LATER -> Pause.Kind.LATER;
          case DENIED -> Pause.Kind.DENIED;
        };
    int attempts = last == null || last.kind() != kind || fruitful ? 1 : last.attempts() + 1;
    Duration length = length(kind, hindrance.suggested(), attempts);
    Duration chance =
        Duration.ofMillis((long) (length.toMillis() * MOST_CHANCE * random.nextDouble()));
    return new Pause(kind, now.plus(length).plus(chance), hindrance.words().display(), attempts);
  }

  private static Duration length(Pause.Kind kind, @Nullable Duration suggested, int attempts) {
    if (suggested != null) {
      return suggested.compareTo(LEAST_SUGGESTED) < 0
          ? LEAST_SUGGESTED
          : suggested.compareTo(MOST_SUGGESTED) > 0 ? MOST_SUGGESTED : suggested;
    }
    return kind == Pause.Kind.DENIED
        ? doubled(FIRST_DENIED, LONGEST_DENIED, attempts)
        : doubled(FIRST_LATER, LONGEST_LATER, attempts);
  }

  private static Duration doubled(Duration first, Duration longest, int attempts) {
    Duration pause = first;
    for (int i = 1; i < attempts && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
