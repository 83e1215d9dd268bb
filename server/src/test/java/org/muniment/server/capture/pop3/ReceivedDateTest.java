package org.muniment.server.capture.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.content.Octets;

class ReceivedDateTest {

  private static final Instant MOMENT = Instant.parse("2024-02-07T20:52:25Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Received: from a; Wed, 7 Feb 2024 21:52:25 +0100",
        "received: from a; 7 Feb 2024 21:52:25 +0100 (CET)",
        "RECEIVED:from a;7 Feb 2024 20:52:25 GMT",
        "Subject: x\r\nReceived: from a\r\n\tby b (c; d)\r\n\tid 7; Tue,\r\n 07 Feb 2024 21:52:25 +0100",
        "Received: ; Wed, 7 Feb 2024 15:52:25 -0500\r\nReceived: ; Wed, 7 Feb 2020 15:52:25 -0500",
      })
  void theDateIsThatOfTheFirstReceivedField(String header) throws IOException {
    assertThat(date(header + "\r\nFrom: a@example.com\r\n\r\nbody\r\n")).isEqualTo(MOMENT);
    assertThat(date((header + "\r\n\r\n").replace("\r\n", "\n"))).isEqualTo(MOMENT);
    assertThat(date(header)).isEqualTo(MOMENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n",
        "Received: from a",
        "Received: from a; yesterday",
        "Received: ; Wed, 32 Feb 2024 21:52:25 +0100",
        "Received: ; 7 Feb 0024 21:52:25 +0100",
        "Date: Wed, 7 Feb 2024 21:52:25 +0100",
        "X-Received: ; Wed, 7 Feb 2024 21:52:25 +0100",
        "Subject: a\r\n Received: ; Wed, 7 Feb 2024 21:52:25 +0100",
        "Subject: a\r\n\r\nReceived: ; Wed, 7 Feb 2024 21:52:25 +0100",
      })
  void withoutThatThereIsNone(String message) throws IOException {
    assertThat(date(message)).isNull();
  }

  @Test
  void whatComesBeforeIsBoundedButMayBeLong() throws IOException {
    String received = "\r\nReceived: " + "x".repeat(5_000) + "; 7 Feb 2024 20:52:25 GMT\r\n\r\n";
    assertThat(date("X: " + "y".repeat(20_000) + received)).isEqualTo(MOMENT);
    assertThat(date("X: " + "y".repeat(200_000) + received)).isNull();
  }

  private static @Nullable Instant date(String message) throws IOException {
    return ReceivedDate.of(Octets.of(message.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
