package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.Source;
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

  @Test
  void aSpecialUseLeavesOutTheMailboxThatHasIt() {
    FolderFilter filter = filter(List.of("*"), List.of("\\Trash", "Old*"));
    assertThat(filter.excludes(mailbox("Papierkorb", "\\trash"))).hasValue("exclude: \\Trash");
    assertThat(filter.excludes(mailbox("Old mail"))).hasValue("exclude: Old*");
    assertThat(filter.excludes(mailbox("Trash", "\\Archive"))).isEmpty();
    assertThat(filter(List.of("\\Sent"), List.of()).excludes(mailbox("INBOX")))
        .hasValue("not included");
  }

  private static boolean captures(List<String> include, List<String> exclude, String name) {
    return filter(include, exclude).excludes(mailbox(name)).isEmpty();
  }

  private static FolderFilter filter(List<String> include, List<String> exclude) {
    return new FolderFilter(new AccountConfig.Folders(include, exclude));
  }

  private static Source.Mailbox mailbox(String name, String... attributes) {
    return new Source.Mailbox(SourceText.of(name), "/", Set.of(attributes), true, "", null);
  }
}
