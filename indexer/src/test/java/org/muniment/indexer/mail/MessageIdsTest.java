package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageIdsTest {

  @Test
  void idsAreReadInOrderAndOnce() {
    assertThat(MessageIds.parse("<a@b> (x) <c@\r\n d>,<a@b> junk <e>"))
        .containsExactly("a@b", "c@d", "e");
  }

  @Test
  void anIdWithoutBracketsIsOne() {
    assertThat(MessageIds.parse(" a@b ")).containsExactly("a@b");
    assertThat(MessageIds.parse("your mail")).isEmpty();
  }

  @Test
  void whatIsBrokenIsLeftOut() {
    assertThat(MessageIds.parse("<a@b <c@d> <> <e@f")).containsExactly("c@d");
    assertThat(MessageIds.parse("<".repeat(1_000_000) + "a>")).containsExactly("a");
    assertThat(MessageIds.parse("<" + "a><".repeat(10) + "b>")).containsExactly("a", "b");
  }

  @Test
  void theirNumberIsBounded() {
    StringBuilder raw = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      raw.append('<').append(i).append("@x>");
    }
    assertThat(MessageIds.parse(raw.toString())).hasSize(MessageIds.MAX_IDS);
  }
}
