package org.muniment.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreConfigTest {

  private static final RestoreConfig SOME =
      RestoreConfig.of(List.of("Mail.example.com", "127.0.0.1:1143"));

  @ParameterizedTest
  @CsvSource({
    "mail.example.com, 993,  true",
    "MAIL.example.com, 143,  true",
    "mail.example.com, 25,   false",
    "127.0.0.1,        1143, true",
    "127.0.0.1,        993,  false",
    "example.com,      993,  false",
  })
  void mailMayGoToTheTargetsOnly(String host, int port, boolean permitted) {
    assertThat(SOME.permits(host, port)).isEqualTo(permitted);
    assertThat(RestoreConfig.DEFAULT.permits(host, port)).isFalse();
    assertThat(RestoreConfig.of(null)).isEqualTo(RestoreConfig.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"imaps://mail.example.com", "a@mail.example.com", "a b", ""})
  void whatIsNoHostIsRefused(String target) {
    assertThatThrownBy(() -> RestoreConfig.of(List.of(target)))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("is no host");
  }
}
