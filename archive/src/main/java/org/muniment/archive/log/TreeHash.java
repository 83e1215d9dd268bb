package org.muniment.archive.log;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hashes of a Merkle tree (RFC 6962 section 2.1). All are 32 octets.
public final class TreeHash {

  /// Octets in a hash.
  public static final int LENGTH = 32;

  private static final byte LEAF = 0x00;
  private static final byte NODE = 0x01;

  private TreeHash() {}

  /// The root of the tree without leaves: `SHA-256()`.
  public static byte[] empty() {
    return sha256().digest();
  }

  /// `SHA-256(0x00 || data)`
  public static byte[] leaf(byte[] data) {
    MessageDigest digest = sha256();
    digest.update(LEAF);
    return digest.digest(data);
  }

  /// `SHA-256(0x01 || left || right)`
  public static byte[] node(byte[] left, byte[] right) {
    MessageDigest digest = sha256();
    digest.update(NODE);
    digest.update(left);
    return digest.digest(right);
  }

  /// A fresh SHA-256, which every Java platform has.
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
