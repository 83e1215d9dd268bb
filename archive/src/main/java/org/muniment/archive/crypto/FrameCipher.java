package org.muniment.archive.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Seals and opens the frames of one file with its key: AES-256-GCM (NIST SP 800-38D). Safe for use
/// by many threads.
///
/// ```
/// sealed = ciphertext || tag(16)
/// nonce  = 4(0x00) || frame number (8 octets, big-endian)
/// ```
///
/// A frame number is sealed once only under one key: the same nonce for two texts gives both away.
public final class FrameCipher {

  /// For an archive that is not encrypted: what goes in comes out.
  public static final FrameCipher NONE = new FrameCipher(null);

  private static final String AES_GCM = "AES/GCM/NoPadding";
  private static final int TAG = 16;
  private static final int NONCE = 12;
  private static final int NONCE_ZEROS = NONCE - Long.BYTES;

  // To make a cipher costs more than to seal a small frame.
  private static final BlockingQueue<Cipher> IDLE = new ArrayBlockingQueue<>(16);

  private final @Nullable SecretKeySpec key;

  private FrameCipher(@Nullable SecretKeySpec key) {
    this.key = key;
  }

  /// @param key 32 octets
  public static FrameCipher of(byte[] key) {
    if (key.length != SoftwareRootKey.LENGTH) {
      throw new IllegalArgumentException("the key of a file has 32 octets, not " + key.length);
    }
    return new FrameCipher(new SecretKeySpec(key, "AES"));
  }

  /// Octets that a sealed frame has more than its text.
  public int overhead() {
    return key == null ? 0 : TAG;
  }

  /// @param frame number of the frame in its file, never sealed before
  /// @param associated what must be the same when the frame is opened; not in the result
  /// @return a fresh array, or `plain` itself when nothing is to be encrypted
  public byte[] seal(long frame, byte[] associated, byte[] plain, int offset, int length) {
    if (key == null) {
      return offset == 0 && length == plain.length
          ? plain
          : Arrays.copyOfRange(plain, offset, offset + length);
    }
    try {
      return run(Cipher.ENCRYPT_MODE, key, frame, associated, plain, offset, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("frame " + frame + " cannot be sealed: " + e.getMessage(), e);
    }
  }

  /// @param sealed what [#seal] gave
  /// @return a fresh array, or `sealed` itself when nothing is encrypted
  /// @throws GeneralSecurityException when one bit of the octets, the frame's number or what is
  ///   associated is other than it was, or the key
  public byte[] open(long frame, byte[] associated, byte[] sealed) throws GeneralSecurityException {
    return key == null
        ? sealed
        : run(Cipher.DECRYPT_MODE, key, frame, associated, sealed, 0, sealed.length);
  }

  private static byte[] run(
      int mode,
      SecretKeySpec key,
      long frame,
      byte[] associated,
      byte[] octets,
      int offset,
      int length)
      throws GeneralSecurityException {
    Cipher idle = IDLE.poll();
    Cipher cipher = idle == null ? Cipher.getInstance(AES_GCM) : idle;
    byte[] nonce = ByteBuffer.allocate(NONCE).putLong(NONCE_ZEROS, frame).array();
    cipher.init(mode, key, new GCMParameterSpec(Byte.SIZE * TAG, nonce));
    cipher.updateAAD(associated);
    byte[] result = cipher.doFinal(octets, offset, length);
    giveBack(cipher);
    return result;
  }

  /// Kept for the next frame, if there is room; one that failed never comes here.
  @SuppressWarnings("ReturnValueIgnored")
  private static void giveBack(Cipher cipher) {
    IDLE.offer(cipher);
  }
}
