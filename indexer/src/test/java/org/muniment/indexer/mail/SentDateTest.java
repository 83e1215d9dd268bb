package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentDateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Fri, 21 Nov 1997 09:55:06 -0600|1997-11-21T15:55:06Z|-21600",
        "21 Nov 97 09:55:06 GMT|1997-11-21T09:55:06Z|0",
        "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600|1997-11-21T15:55:06Z|-21600",
        "Thu,13 Feb 1969 23:32 -0330 (Newfoundland Time)|1969-02-14T03:02:00Z|-12600",
        "1 Jan 03 00:00 EST|2003-01-01T05:00:00Z|-18000",
        "1 Jan 103 00:00:00 +0000|2003-01-01T00:00:00Z|0",
        "Mon Nov 22 07:00:00 2026|2026-11-22T07:00:00Z|0",
        "2026-11-22T07:00:00+01:00|2026-11-22T06:00:00Z|3600",
        "22-Nov-2026 07:00:00 +0530|2026-11-22T01:30:00Z|19800",
        "22 November 2026 7:00:60 PM PDT|2026-11-23T02:00:59Z|-25200",
        "22 Nov 2026|2026-11-22T00:00:00Z|0",
        "22 Nov 2026 07:00:00 GMT+0100|2026-11-22T06:00:00Z|3600",
        "So, 22 M\u00E4rz 2026 07:00:00 +0100|2026-03-22T06:00:00Z|3600",
        "So, 22 M\u00C3\u00A4rz 2026 07:00:00 +0100|2026-03-22T06:00:00Z|3600",
        "mar., 24 nov. 2026 07:00 +0100|2026-11-24T06:00:00Z|3600",
        "mar, 3 mar 2026 07:00 +0000|2026-03-03T07:00:00Z|0",
        "Tue Mar 3 07:00:00 2026|2026-03-03T07:00:00Z|0",
        "13 juil. 2026 07:00|2026-07-13T07:00:00Z|0",
        "13 juin 2026 07:00|2026-06-13T07:00:00Z|0",
        "1 ao\u00FBt 2026|2026-08-01T00:00:00Z|0",
        "6 Dez 2026 07:00:00 MEZ|2026-12-06T07:00:00Z|0",
        "22.11.2026 07:00|2026-11-22T07:00:00Z|0",
        "Mo, 22. Okt. 2026 07:00|2026-10-22T07:00:00Z|0",
        "2026/11/22 07:00:00 +0000|2026-11-22T07:00:00Z|0",
        "22 Nov 2026 07:00:00 +01|2026-11-22T06:00:00Z|3600",
        "22 Nov 2026 07:00:00 UTC+2|2026-11-22T05:00:00Z|7200",
        "22 Nov 2026 07:00:00 +530|2026-11-22T01:30:00Z|19800",
        "Sun, 22 Nov 2026 07:00:00 Z|2026-11-22T07:00:00Z|0",
        "22 Nov 2026 07:00:00 +1800|2026-11-21T13:00:00Z|64800",
        "22 Nov 2026 07:00:00 -1801|2026-11-22T07:00:00Z|0",
        "22 Nov 2026 07:00:00 +9999|2026-11-22T07:00:00Z|0",
        "22 Nov 2026 07:00:00 +0160|2026-11-22T07:00:00Z|0"
      })
  void datesAreRead(String raw, String instant, int offset) {
    assertThat(SentDate.parse(raw)).contains(new SentDate(Instant.parse(instant), offset));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "32 Nov 2026 07:00:00 +0000",
        "31 Feb 2026 07:00",
        "1 Xyz 2026 07:00",
        "1 Jan 2026 25:00",
        "1 Jan 99999999999 07:00",
        ":",
        "((((",
        "1:",
        "Jan",
        "1 Jan",
        "\u00B2 Jan 2026"
      })
  void whatIsNoDateIsEmpty(String raw) {
    assertThat(SentDate.parse(raw)).isEmpty();
  }

  @Test
  void aLongDateIsNone() {
    assertThat(SentDate.parse("1 ".repeat(1_000_000))).isEmpty();
  }
}
