package org.muniment.archive.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// A root key in memory: 256 random bits.
///
/// ```
/// id   = first 16 digits of hex(SHA-256("muniment root key 1" || key))
/// text = "muniment-root-key-1:" 64hex
/// ```
public final class SoftwareRootKey implements RootKey {

  /// Octets of a key.
  static final int LENGTH = 32;

  static final String TEXT_PREFIX = "muniment-root-key-1:";

  private static final byte[] ID_LABEL = "muniment root key 1".getBytes(US_ASCII);
  private static final int ID_DIGITS = 16;
  private static final String KEY_WRAP = "AES/KW/NoPadding";

  private final byte[] octets;
  private final String id;

  private SoftwareRootKey(byte[] octets) {
    this.octets = octets;
    MessageDigest digest = sha256();
    digest.update(ID_LABEL);
    this.id = HexFormat.of().formatHex(digest.digest(octets)).substring(0, ID_DIGITS);
  }

  /// @param octets 32 of them
  public static SoftwareRootKey of(byte[] octets) {
    if (octets.length != LENGTH) {
      throw new IllegalArgumentException("a root key has 32 octets, not " + octets.length);
    }
    return new SoftwareRootKey(octets.clone());
  }

  /// A new one.
  public static SoftwareRootKey generate(SecureRandom random) {
    byte[] octets = new byte[LENGTH];
    random.nextBytes(octets);
    return new SoftwareRootKey(octets);
  }

  /// Reads what [#text()] gives.
  ///
  /// @throws IllegalArgumentException when it is anything else; the message repeats nothing of it
  static SoftwareRootKey parse(String text) {
    if (!text.startsWith(TEXT_PREFIX)) {
      throw new IllegalArgumentException("it does not begin with " + TEXT_PREFIX);
    }
    String digits = text.substring(TEXT_PREFIX.length());
    if (digits.length() != 2 * LENGTH || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException(
          "what follows " + TEXT_PREFIX + " is not 64 hexadecimal digits");
    }
    return new SoftwareRootKey(HexFormat.of().parseHex(digits));
  }

  @Override
  public String id() {
    return id;
  }

  /// The secret: 32 octets.
  public byte[] octets() {
    return octets.clone();
  }

  /// The secret as one line without its end.
  public String text() {
    return TEXT_PREFIX + HexFormat.of().formatHex(octets);
  }

  @Override
  public byte[] wrap(byte[] key) {
    if (key.length != LENGTH) {
      throw new IllegalArgumentException("a key has 32 octets, not " + key.length);
    }
    try {
      return cipher(Cipher.WRAP_MODE).wrap(new SecretKeySpec(key, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an AES key wraps 32 octets", e);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped) throws GeneralSecurityException {
    return cipher(Cipher.UNWRAP_MODE).unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
  }

  private Cipher cipher(int mode) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(KEY_WRAP);
    cipher.init(mode, new SecretKeySpec(octets, "AES"));
    return cipher;
  }

  /// A fresh SHA-256, which every Java platform has.
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The id, never the secret.
  @Override
  public String toString() {
    return "root key " + id;
  }
}
