package org.muniment.archive.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootKeysTest {

  private static final HexFormat HEX = HexFormat.of();

  /// RFC 3394 section 4.6: 256 bits of key data with a 256-bit KEK.
  private static final SoftwareRootKey KEK =
      SoftwareRootKey.of(
          HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));

  private static final byte[] KEY_DATA =
      HEX.parseHex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
  private static final byte[] CIPHERTEXT =
      HEX.parseHex(
          "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");

  private final SecureRandom random = new SecureRandom();

  @Test
  void keysAreWrappedAsInTheExampleOfTheRfc() throws Exception {
    assertThat(KEK.wrap(KEY_DATA)).isEqualTo(CIPHERTEXT);
    assertThat(KEK.unwrap(CIPHERTEXT)).isEqualTo(KEY_DATA);
  }

  @Test
  void whatIsChangedOrOfAnotherKeyOrLengthIsNotUnwrapped() {
    for (int i = 0; i < CIPHERTEXT.length; i++) {
      byte[] changed = CIPHERTEXT.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> KEK.unwrap(changed)).isInstanceOf(GeneralSecurityException.class);
    }
    assertThatThrownBy(() -> SoftwareRootKey.generate(random).unwrap(CIPHERTEXT))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> KEK.unwrap(new byte[39])).isInstanceOf(GeneralSecurityException.class);
  }

  /// `printf 'muniment root key 1' | cat - KEY | sha256sum`
  @Test
  void theIdIsTheHashOfALabelAndTheKey() {
    assertThat(KEK.id()).isEqualTo("4b8ff2ce2f5cd9a2");
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    RootKeys keys = RootKeys.of(SoftwareRootKey.generate(random), SoftwareRootKey.generate(random));
    RootKeys read = RootKeys.parse("# mine\n\n" + keys.text());
    assertThat(read.text()).isEqualTo(keys.text());
    assertThat(read.current().id()).isEqualTo(keys.current().id());
    assertThat(read.find(keys.all().getLast().id())).isNotNull();
    assertThat(read.find("0123456789abcdef")).isNull();
  }

  @Test
  void aVariableHoldsKeysDividedByCommas() {
    RootKeys one = RootKeys.generate(random);
    RootKeys two = RootKeys.generate(random);
    RootKeys both = RootKeys.parse(one.text().strip() + " , " + two.text().strip());
    assertThat(both.all()).hasSize(2);
    assertThat(both.current().id()).isEqualTo(one.current().id());
  }

  @Test
  void thereMayBeNone() {
    assertThat(RootKeys.NONE.isEmpty()).isTrue();
    assertThat(RootKeys.generate(random).isEmpty()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# only a comment",
        "5ec2e7",
        "muniment-root-key-1:5ec2e7",
        "muniment-root-key-2:5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2",
        "muniment-root-key-1:5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75exx",
        "muniment-root-key-1:5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2,",
      })
  void whatIsNoKeyIsRefusedAndNotRepeated(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RootKeys.parse(text))
        .withMessageMatching("(there is no root key in it|line 1 is no root key): .*")
        .withMessageNotContaining("5ec2e7");
  }

  @Test
  void aKeyIsNotGivenTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RootKeys.of(KEK, KEK))
        .withMessage("a root key is given twice");
  }

  @Test
  void noTextForTheLogHoldsASecret() {
    assertThat(KEK.toString() + RootKeys.of(KEK) + RootKeyWords.of(KEK))
        .contains(KEK.id())
        .doesNotContain("0c0d0e0f")
        .doesNotContain(RootKeyWords.of(KEK).words().getFirst());
  }
}
