package org.muniment.server.capture.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MailDateTest {

  private static final Instant DATE = Instant.parse("2005-01-03T10:00:05Z");

  @Test
  void aFieldIsReadInEveryUsualForm() {
    for (String text :
        new String[] {
          "Mon, 3 Jan 2005 10:00:05 +0000",
          "3 Jan 2005 10:00:05 GMT",
          "Mon, 03 January 05 11:00:05 +0100 (CET)",
          "Mon, 3 Jan 2005 05:00:05 EST",
          "  Mon,\r\n\t3 Jan 2005 12:00:05 +0200",
          "Mon, 3 Jan 2005 10:00:05 -9999",
          "Mon, 3 Jan 2005 10:00:05"
        }) {
      assertThat(MailDate.ofField(text)).as(text).isEqualTo(DATE);
    }
  }

  @Test
  void whatIsNoDateIsNone() {
    for (String text :
        new String[] {
          "",
          "now",
          "3 Jan",
          "31 Feb 2005 10:00:05 +0000",
          "3 Jan 2005 25:00:05 +0000",
          "3 Jan 2005 10:00:05:06 +0000",
          "3 Jan 20055 10:00:05 +0000",
          "99999999999 Jan 2005 10:00:05 +0000",
          "3 Jan 2005 10:" + "0".repeat(2_000)
        }) {
      assertThat(MailDate.ofField(text)).as(text).isNull();
    }
    assertThat(MailDate.ofField(null)).isNull();
    assertThat(MailDate.ofFromLine("From what I saw on Jan 3 10:00 2005")).isNull();
    assertThat(MailDate.ofFromLine("From a Mon Jan 33 10:00:05 2005")).isNull();
  }
}
