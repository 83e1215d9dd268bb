package org.muniment.server.view.imap.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListPatternTest {

  @ParameterizedTest
  @CsvSource({
    "*, a/b/c, true",
    "%, a, true",
    "%, a/b, false",
    "a/%, a/b, true",
    "a/%, a/b/c, false",
    "a/*, a/b/c, true",
    "a/%/c, a/b/c, true",
    "%/%, a/b, true",
    "*c, a/b/c, true",
    "%c, a/b/c, false",
    "*%, a/b, true",
    "a, a, true",
    "a, A, false",
    "a, ab, false",
    "inbox, INBOX, true",
    "InBox/sent, INBOX/sent, true",
    "InBox/sent, INBOX/Sent, false",
    "inbox, INBOXES, false",
  })
  void matches(String pattern, String name, boolean matches) {
    assertThat(new ListPattern(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void aHostilePatternTakesNoTime() {
    ListPattern pattern = new ListPattern("*a%".repeat(300) + "b");
    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> assertThat(pattern.matches("a".repeat(2000))).isFalse());
  }
}
