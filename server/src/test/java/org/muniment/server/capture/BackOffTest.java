package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.archive.event.SourceText;

class BackOffTest {

  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private final long seed = new Random().nextLong();
  private final BackOff backOff = new BackOff(new Random(seed));

  private static Hindrance later(@Nullable Duration suggested) {
    return new Hindrance(Hindrance.Kind.LATER, SourceText.of("slow down"), suggested);
  }

  private static Hindrance denied() {
    return new Hindrance(Hindrance.Kind.DENIED, SourceText.of("no"), null);
  }

  private static Duration length(Pause pause) {
    return Duration.between(NOW, pause.until());
  }

  private void assertAbout(Pause pause, Duration length) {
    assertThat(length(pause))
        .as("seed %d", seed)
        .isBetween(length, length.plusMillis((long) (length.toMillis() * BackOff.MOST_CHANCE) + 1));
  }

  @Test
  void thePauseDoublesUpToItsBoundWhileRunsBringNothing() {
    Pause pause = null;
    Duration expected = BackOff.FIRST_LATER;
    for (int i = 0; i < 20; i++) {
      pause = backOff.after(later(null), pause, false, NOW);
      assertAbout(pause, expected);
      expected = expected.multipliedBy(2);
      expected = expected.compareTo(BackOff.LONGEST_LATER) > 0 ? BackOff.LONGEST_LATER : expected;
    }
  }

  @Test
  void aRunThatBroughtSomethingBeginsAnew() {
    Pause pause = null;
    for (int i = 0; i < 5; i++) {
      pause = backOff.after(later(null), pause, false, NOW);
    }
    assertAbout(backOff.after(later(null), pause, true, NOW), BackOff.FIRST_LATER);
  }

  @Test
  void aWrongPasswordIsTriedRarelyAndItsCountIsItsOwn() {
    Pause throttled = backOff.after(later(null), null, false, NOW);
    Pause pause = backOff.after(denied(), throttled, false, NOW);
    assertAbout(pause, BackOff.FIRST_DENIED);
    int tries = 1;
    Duration gone = length(pause);
    while (gone.compareTo(Duration.ofDays(1)) < 0) {
      pause = backOff.after(denied(), pause, false, NOW);
      gone = gone.plus(length(pause));
      tries++;
    }
    assertThat(tries).as("tries in a day").isLessThan(12);
  }

  @ParameterizedTest
  @CsvSource({"PT0S, PT1S", "PT0.2S, PT1S", "PT5M, PT5M", "PT12H, PT12H", "P999D, PT12H"})
  void theSuggestionOfTheServerCountsWithinBounds(Duration suggested, Duration expected) {
    Pause first = backOff.after(later(suggested), null, false, NOW);
    assertAbout(first, expected);
    assertAbout(backOff.after(later(suggested), first, false, NOW), expected);
    assertThat(first.reason()).isEqualTo("slow down");
  }
}
