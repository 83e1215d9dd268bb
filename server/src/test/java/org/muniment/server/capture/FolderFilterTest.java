package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.muniment.server.config.AccountConfig;

class FolderFilterTest {

  @Test
  void aStarInAPatternStandsForAnyCharacters() {
    assertThat(captures(List.of("*"), List.of(), "any/thing")).isTrue();
    assertThat(captures(List.of("INBOX"), List.of(), "INBOX/sub")).isFalse();
    assertThat(captures(List.of("a*b*c"), List.of(), "aXbXbc")).isTrue();
    assertThat(captures(List.of("a*b*c"), List.of(), "aXbXb")).isFalse();
    assertThat(captures(List.of("*"), List.of("Junk*"), "Junk/2020")).isFalse();
    assertThat(captures(List.of("*a".repeat(30)), List.of(), "a".repeat(5_000) + "b")).isFalse();
  }

  private static boolean captures(List<String> include, List<String> exclude, String name) {
    return new FolderFilter(new AccountConfig.Folders(include, exclude)).captures(name);
  }
}
