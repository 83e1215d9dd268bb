package org.muniment.server.capture.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.SourceText;

class NamesAndDatesTest {

  @Test
  void modifiedUtf7IsShownDecodedAndKeptAsItCame() {
    SourceText name = name("Entw&APw-rfe/&ZeVnLIqe-");
    assertThat(name.display()).isEqualTo("Entwürfe/日本語");
    assertThat(name.octets()).isEqualTo("Entw&APw-rfe/&ZeVnLIqe-");
    assertThat(name("A &- B").display()).isEqualTo("A & B");
  }

  @Test
  void whatIsNotModifiedUtf7IsShownAsItIs() {
    for (String broken : List.of("A & B", "x&AP-", "&####-", "&2D0-", "&", "&AP")) {
      assertThat(name(broken).display()).isEqualTo(broken);
    }
    assertThat(ModifiedUtf7.name("Été".getBytes(StandardCharsets.UTF_8)).display())
        .isEqualTo("Été");
  }

  private static SourceText name(String octets) {
    return ModifiedUtf7.name(octets.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void internalDateIsExactToTheSecondInAnyZone() {
    assertThat(InternalDate.parse(" 7-Feb-1994 21:52:25 -0800"))
        .isEqualTo(Instant.parse("1994-02-08T05:52:25Z"));
    assertThat(InternalDate.parse("31-mar-2019 03:00:00 +0530"))
        .isEqualTo(Instant.parse("2019-03-30T21:30:00Z"));
    assertThat(InternalDate.parse("31-Feb-2019 03:00:00 +0000")).isNull();
    assertThat(InternalDate.parse("yesterday")).isNull();
  }
}
