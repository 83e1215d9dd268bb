package org.muniment.archive.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FrameCipherTest {

  private static final byte[] KEY = new byte[32];
  private static final byte[] POSITION = {1, 2, 3};
  private static final byte[] TEXT = "Subject: dinner\r\n\r\nAt eight.\r\n".getBytes(UTF_8);

  private final FrameCipher cipher = FrameCipher.of(KEY);

  /// The Galois/Counter Mode of Operation (McGrew, Viega), test case 14: AES-256, key, nonce and
  /// text all zero.
  @Test
  void framesAreSealedAsInThePublishedTestCase() {
    assertThat(cipher.seal(0, new byte[0], new byte[16], 0, 16))
        .isEqualTo(
            HexFormat.of()
                .parseHex("cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"));
  }

  @Test
  void whatIsSealedIsOpened() throws Exception {
    byte[] sealed = cipher.seal(7, POSITION, TEXT, 9, 6);
    assertThat(sealed).hasSize(6 + cipher.overhead());
    assertThat(cipher.open(7, POSITION, sealed)).isEqualTo("dinner".getBytes(UTF_8));
    assertThat(cipher.open(8, POSITION, cipher.seal(8, POSITION, TEXT, 0, 0))).isEmpty();
  }

  @Test
  void theSameTextInAnotherFrameLooksOtherwise() {
    assertThat(cipher.seal(1, POSITION, TEXT, 0, TEXT.length))
        .isNotEqualTo(cipher.seal(2, POSITION, TEXT, 0, TEXT.length));
  }

  @Test
  void aFlippedBitAnywhereDoesNotOpen() {
    byte[] sealed = cipher.seal(1L << 40, POSITION, TEXT, 0, TEXT.length);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertShut(cipher, 1L << 40, POSITION, changed);
    }
  }

  @Test
  void anotherFrameAnotherPositionAnotherKeyAndACutFrameDoNotOpen() {
    byte[] sealed = cipher.seal(1L << 41, POSITION, TEXT, 0, TEXT.length);
    assertShut(cipher, (1L << 41) + 1, POSITION, sealed);
    assertShut(cipher, 1L << 33, POSITION, sealed);
    assertShut(cipher, 1L << 41, new byte[] {1, 2, 4}, sealed);
    assertShut(cipher, 1L << 41, new byte[0], sealed);
    byte[] other = KEY.clone();
    other[31] = 1;
    assertShut(FrameCipher.of(other), 1L << 41, POSITION, sealed);
    for (int length = 0; length < sealed.length; length++) {
      assertShut(cipher, 1L << 41, POSITION, Arrays.copyOf(sealed, length));
    }
  }

  private static void assertShut(FrameCipher cipher, long frame, byte[] position, byte[] sealed) {
    assertThatThrownBy(() -> cipher.open(frame, position, sealed))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void withoutEncryptionOctetsPassThrough() throws Exception {
    assertThat(FrameCipher.NONE.overhead()).isZero();
    assertThat(FrameCipher.NONE.seal(1, POSITION, TEXT, 0, TEXT.length)).isSameAs(TEXT);
    assertThat(FrameCipher.NONE.seal(1, POSITION, TEXT, 9, 6)).isEqualTo("dinner".getBytes(UTF_8));
    assertThat(FrameCipher.NONE.open(1, POSITION, TEXT)).isSameAs(TEXT);
  }

  @Test
  void manyThreadsSealAndOpenAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<byte[]>> opened = new ArrayList<>();
      for (long i = 0; i < 2_000; i++) {
        long frame = (1L << 50) + i;
        opened.add(
            threads.submit(
                () -> {
                  byte[] text = ("frame " + frame).repeat(100).getBytes(UTF_8);
                  byte[] sealed = cipher.seal(frame, POSITION, text, 0, text.length);
                  return cipher.open(frame, POSITION, sealed);
                }));
      }
      for (int i = 0; i < opened.size(); i++) {
        assertThat(new String(opened.get(i).get(), UTF_8)).startsWith("frame " + ((1L << 50) + i));
      }
    }
  }
}
