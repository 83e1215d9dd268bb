package org.muniment.indexer.kept;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Packs values, and seals them where there is a key.
///
/// ```
/// value  = packed / nonce sealed
/// packed = one zstd frame (RFC 8878)
/// nonce  = 12 random octets
/// sealed = AES-256-GCM(key, nonce, packed)    the key of the row is the associated data; 16 octets
///                                             of tag at the end
/// ```
final class Seal {

  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final int LEVEL = 3;

  /// Octets of an unpacked value; larger ones are not ours.
  private static final long MAX_OCTETS = 64L << 20;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final @Nullable SecretKeySpec key;

  /// @param key 32 octets; null where nothing is encrypted
  Seal(byte @Nullable [] key) {
    this.key = key == null ? null : new SecretKeySpec(key, "AES");
  }

  /// @param row the key of the row, with the name of its table
  byte[] close(byte[] value, byte[] row) {
    byte[] packed = Zstd.compress(value, LEVEL);
    if (key == null) {
      return packed;
    }
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed = Arrays.copyOf(nonce, NONCE + packed.length + TAG_BITS / Byte.SIZE);
      cipher(Cipher.ENCRYPT_MODE, nonce, row).doFinal(packed, 0, packed.length, sealed, NONCE);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM seals any octets", e);
    }
  }

  /// @throws IOException when it is not what [#close] made for that row
  byte[] open(byte[] value, byte[] row) throws IOException {
    try (ZstdDecompressCtx unpacking = new ZstdDecompressCtx()) {
      return open(value, row, unpacking);
    }
  }

  /// @param unpacking used by one thread at a time, for as many values as it likes
  byte[] open(byte[] value, byte[] row, ZstdDecompressCtx unpacking) throws IOException {
    byte[] packed = key == null ? value : decrypt(value, row);
    long length = Zstd.getFrameContentSize(packed);
    if (length < 0 || length > MAX_OCTETS) {
      throw new IOException("a value that is no zstd frame");
    }
    try {
      return unpacking.decompress(packed, (int) length);
    } catch (ZstdException e) {
      throw new IOException("a value that does not unpack", e);
    }
  }

  private byte[] decrypt(byte[] value, byte[] row) throws IOException {
    if (value.length < NONCE) {
      throw new IOException("a value without a nonce");
    }
    try {
      byte[] nonce = Arrays.copyOf(value, NONCE);
      return cipher(Cipher.DECRYPT_MODE, nonce, row).doFinal(value, NONCE, value.length - NONCE);
    } catch (GeneralSecurityException e) {
      throw new IOException("a value that another key has sealed, or that was changed", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] row) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(row);
    return cipher;
  }
}
