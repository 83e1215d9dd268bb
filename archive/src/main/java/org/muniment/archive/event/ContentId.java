package org.muniment.archive.event;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The identity of a message: the SHA-256 (FIPS 180-4) of its raw octets. Four big-endian words, so
/// that it is a value.
public record ContentId(long w0, long w1, long w2, long w3) implements Comparable<ContentId> {

  /// Octets in a content id.
  public static final int LENGTH = 32;

  /// The id whose 32 octets are `digest`.
  ///
  /// @throws IllegalArgumentException when `digest` is not 32 octets long
  public static ContentId of(byte[] digest) {
    if (digest.length != LENGTH) {
      throw new IllegalArgumentException("a content id has 32 octets, not " + digest.length);
    }
    ByteBuffer words = ByteBuffer.wrap(digest);
    return new ContentId(words.getLong(), words.getLong(), words.getLong(), words.getLong());
  }

  /// The SHA-256 of everything that a stream gives.
  public static ContentId sha256(InputStream octets) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(octets, digest).transferTo(OutputStream.nullOutputStream());
      return of(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Reads 64 hexadecimal digits of either case.
  ///
  /// @throws IllegalArgumentException when `hex` is anything else
  public static ContentId parse(String hex) {
    if (hex.length() != 2 * LENGTH) {
      throw new IllegalArgumentException(
          "a content id has 64 hexadecimal digits, not " + hex.length());
    }
    return of(HexFormat.of().parseHex(hex));
  }

  /// The 32 octets, a fresh array.
  public byte[] bytes() {
    return ByteBuffer.allocate(LENGTH).putLong(w0).putLong(w1).putLong(w2).putLong(w3).array();
  }

  @Override
  public int compareTo(ContentId other) {
    int order = Long.compareUnsigned(w0, other.w0);
    if (order == 0) {
      order = Long.compareUnsigned(w1, other.w1);
    }
    if (order == 0) {
      order = Long.compareUnsigned(w2, other.w2);
    }
    return order != 0 ? order : Long.compareUnsigned(w3, other.w3);
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
