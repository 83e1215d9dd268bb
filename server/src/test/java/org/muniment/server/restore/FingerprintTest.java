package org.muniment.server.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  @Test
  void lineEndsOfAllKindsAreTheSame() throws IOException {
    assertThat(of("a\r\nb\r\n\r\nc").lines())
        .isEqualTo(of("a\nb\n\nc\n").lines())
        .isEqualTo(of("a\rb\r\rc\r\n\r\n").lines())
        .isNotEqualTo(of("a\nb\nc").lines());
  }

  @Test
  void nulAndWhatServersPutInItsPlaceAreLeftOut() throws IOException {
    assertThat(of("a\0b\r\n").text())
        .isEqualTo(of("a\u0080b\n").text())
        .isEqualTo(of("ab").text())
        .isNotEqualTo(of("a b").text());
    assertThat(of("a\0b").lines()).isNotEqualTo(of("a\u0080b").lines());
  }

  @Test
  void longMessagesAreReadWhole() throws IOException {
    String text = "x".repeat(40_000) + "\n" + "\0".repeat(40_000);
    assertThat(of(text + "y")).isNotEqualTo(of(text + "z"));
    assertThat(of(text).lines()).isEqualTo(of(text + "\r\n").lines());
  }

  private static Fingerprint of(String text) throws IOException {
    return Fingerprint.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
