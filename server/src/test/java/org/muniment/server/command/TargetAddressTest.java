package org.muniment.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.server.config.SourceConfig.Security;

class TargetAddressTest {

  @Test
  void theSchemeSaysHowTheConnectionIsProtected() throws UsageException {
    assertThat(TargetAddress.parse("imaps://a@mail.example.com"))
        .isEqualTo(new TargetAddress(Security.TLS, "a", null, "mail.example.com", 993));
    assertThat(TargetAddress.parse("imap://a@mail.example.com:1143/"))
        .isEqualTo(new TargetAddress(Security.STARTTLS, "a", null, "mail.example.com", 1143));
    assertThat(TargetAddress.parse("imap://a@127.0.0.1").security()).isEqualTo(Security.NONE);
    assertThat(TargetAddress.parse("imap://a@[::1]:143").host()).isEqualTo("::1");
  }

  @Test
  void userAndPasswordMayBeEncoded() throws UsageException {
    assertThat(TargetAddress.parse("imaps://a%40b:p%3a+w@host"))
        .isEqualTo(new TargetAddress(Security.TLS, "a@b", "p:+w", "host", 993));
    assertThat(TargetAddress.parse("imaps://a@b.org@host").user()).isEqualTo("a@b.org");
  }

  @Test
  void thePasswordIsNotShown() throws UsageException {
    assertThat(TargetAddress.parse("imaps://a:secret@host")).asString().doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "imap://host",
        "http://a@host",
        "imap://a@",
        "imap://a@h:0",
        "imap://a@h:x"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> TargetAddress.parse(text)).isInstanceOf(UsageException.class);
  }
}
