package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderFilterTest {

  private static final String HEADER =
      String.join(
          "\r\n",
          "From: a",
          "Subject: one",
          " two",
          "\tthree",
          "X-Long-Name: x",
          "subject : again",
          "no colon here",
          "To: b",
          "",
          "");

  private static String filter(String header, boolean except, String... names) throws IOException {
    var octets = new ByteArrayInputStream(header.getBytes(StandardCharsets.ISO_8859_1));
    try (var filter = new HeaderFilter(octets, List.of(names), except)) {
      return new String(filter.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void keepsTheFieldsNamedWithTheirFolding() throws IOException {
    assertThat(filter(HEADER, false, "SUBJECT"))
        .isEqualTo("Subject: one\r\n two\r\n\tthree\r\nsubject : again\r\n\r\n");
  }

  @Test
  void leavesOutTheFieldsNamed() throws IOException {
    assertThat(filter(HEADER, true, "subject", "x-long-name"))
        .isEqualTo("From: a\r\nno colon here\r\nTo: b\r\n\r\n");
  }

  @Test
  void bothTogetherAreTheWholeHeader() throws IOException {
    assertThat(filter(HEADER, false, "To").length() + filter(HEADER, true, "To").length())
        .isEqualTo(HEADER.length() + 2);
  }

  @Test
  void anEmptyLineEndsEveryHeader() throws IOException {
    assertThat(filter("From: a\r\nTo: b", false, "to")).isEqualTo("To: b\r\n\r\n");
    assertThat(filter("From: a\r\nTo: b", false, "from")).isEqualTo("From: a\r\n\r\n");
    assertThat(filter("From: a\r\nTo: b\r\n", false, "to")).isEqualTo("To: b\r\n\r\n");
    assertThat(filter("From: a\nTo", false, "from")).isEqualTo("From: a\n\r\n");
    assertThat(filter("From: a", false, "to")).isEqualTo("\r\n");
    assertThat(filter("", false, "to")).isEqualTo("\r\n");
  }

  @Test
  void aNameLongerThanAnyIsNoName() throws IOException {
    String endless = "x".repeat(100_000);
    assertThat(filter(endless + ": y\r\nTo: b\n\n", false, "to")).isEqualTo("To: b\n\n");
    assertThat(filter(endless + ": y\r\nTo: b\n\n", true, "to")).isEqualTo(endless + ": y\r\n\n");
  }

  @Test
  void whatIsFoldedBehindNoFieldHasNoneOfTheNames() throws IOException {
    String header = " folded\r\nSubject: a\r\n\r\n";
    assertThat(filter(header, /* except= */ true, "Subject")).isEqualTo(" folded\r\n\r\n");
    assertThat(filter(header, /* except= */ false, "Subject")).isEqualTo("Subject: a\r\n\r\n");
  }
}
