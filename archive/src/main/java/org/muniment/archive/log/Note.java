package org.muniment.archive.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// A text with Ed25519 signatures (C2SP signed-note), and the keys for it.
///
/// ```
/// note      = text LF 1*signature
/// signature = "— " name " " base64(key-id || ed25519-signature) LF
/// key-id    = first 4 octets of SHA-256(name || LF || 0x01 || public-key)
/// ```
public final class Note {

  private static final byte ED25519 = 0x01;
  private static final int KEY_ID_LENGTH = 4;
  private static final int RAW_KEY_LENGTH = 32;
  private static final String SEPARATOR = "\n\n";
  private static final String SIGNATURE_PREFIX = "— ";

  // What X.509 and PKCS #8 put before the 32 octets of an Ed25519 key (RFC 8410 section 10).
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private Note() {}

  /// Checks signatures of one key.
  ///
  /// @param name of the key, without spaces and plus signs
  /// @param keyId big-endian
  public record Verifier(String name, int keyId, PublicKey key) {

    /// Reads `name "+" hex(key-id) "+" base64(0x01 || public-key)`, as Go's `note` writes it.
    ///
    /// @throws IllegalArgumentException when the text is anything else
    public static Verifier parse(String text) {
      String[] fields = text.split("\\+", 3);
      if (fields.length != 3) {
        throw new IllegalArgumentException("a verifier key has three fields divided by +");
      }
      byte[] typed = decode(fields[2]);
      if (typed.length != 1 + RAW_KEY_LENGTH || typed[0] != ED25519) {
        throw new IllegalArgumentException("an Ed25519 verifier key has 33 octets, the first 1");
      }
      Verifier verifier = of(fields[0], Arrays.copyOfRange(typed, 1, typed.length));
      if (!HexFormat.of().toHexDigits(verifier.keyId).equals(fields[1])) {
        throw new IllegalArgumentException("the key id does not belong to the key");
      }
      return verifier;
    }

    private static Verifier of(String name, byte[] rawKey) {
      try {
        PublicKey key =
            KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(concatenate(X509_PREFIX, rawKey)));
        return new Verifier(name, Note.keyId(name, rawKey), key);
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("no Ed25519 public key", e);
      }
    }

    /// The text that [#parse] reads.
    public String text() {
      byte[] typed = concatenate(new byte[] {ED25519}, raw(key));
      return name
          + "+"
          + HexFormat.of().toHexDigits(keyId)
          + "+"
          + Base64.getEncoder().encodeToString(typed);
    }

    /// The text of a note that this key has signed.
    ///
    /// @throws IllegalArgumentException when it is no note, or has no right signature of this key;
    ///   the message says which
    public String open(String note) {
      signature(note);
      return text(note);
    }

    /// The bare signature of this key under a note, 64 octets (RFC 8032 section 5.1.6).
    ///
    /// @throws IllegalArgumentException as [#open] does
    public byte[] signature(String note) {
      String text = text(note);
      String prefix = SIGNATURE_PREFIX + name + " ";
      for (String line : note.substring(text.length() + 1).split("\n", -1)) {
        if (line.startsWith(prefix)) {
          byte[] signature = decode(line.substring(prefix.length()));
          byte[] bare =
              Arrays.copyOfRange(
                  signature, Math.min(KEY_ID_LENGTH, signature.length), signature.length);
          if (isOfThisKey(signature) && signs(text, bare)) {
            return bare;
          }
        }
      }
      throw new IllegalArgumentException("no right signature of " + name);
    }

    private static String text(String note) {
      int end = note.lastIndexOf(SEPARATOR);
      if (end < 0 || !note.endsWith("\n")) {
        throw new IllegalArgumentException("not a signed note");
      }
      return note.substring(0, end + 1);
    }

    private boolean isOfThisKey(byte[] signature) {
      return signature.length > KEY_ID_LENGTH && ByteBuffer.wrap(signature).getInt() == keyId;
    }

    private boolean signs(String text, byte[] signature) {
      try {
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initVerify(key);
        ed25519.update(text.getBytes(StandardCharsets.UTF_8));
        return ed25519.verify(signature);
      } catch (GeneralSecurityException e) {
        return false;
      }
    }
  }

  /// Signs with one key.
  public record Signer(Verifier verifier, PrivateKey key) {

    /// A fresh key.
    ///
    /// @param name of the key
    /// @throws IllegalArgumentException when the name is empty or has a space or a plus sign
    public static Signer generate(String name) {
      if (name.isEmpty() || name.contains("+") || name.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException("a key name has no spaces and no +: \"" + name + "\"");
      }
      try {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new Signer(Verifier.of(name, raw(pair.getPublic())), pair.getPrivate());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
      }
    }

    /// The key whose secret 32 octets (RFC 8032 section 5.1.5) are `seed`.
    ///
    /// @throws IllegalArgumentException when `seed` is no such key
    public static Signer of(Verifier verifier, byte[] seed) {
      try {
        PrivateKey key =
            KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(concatenate(PKCS8_PREFIX, seed)));
        return new Signer(verifier, key);
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("no Ed25519 private key", e);
      }
    }

    /// The secret 32 octets.
    public byte[] seed() {
      byte[] encoded = key.getEncoded();
      return Arrays.copyOfRange(encoded, PKCS8_PREFIX.length, encoded.length);
    }

    /// `text` with a signature of this key.
    ///
    /// @param text ends with a line feed
    public String sign(String text) {
      try {
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initSign(key);
        ed25519.update(text.getBytes(StandardCharsets.UTF_8));
        byte[] id = HexFormat.of().parseHex(HexFormat.of().toHexDigits(verifier.keyId()));
        String signature = Base64.getEncoder().encodeToString(concatenate(id, ed25519.sign()));
        return text + "\n" + SIGNATURE_PREFIX + verifier.name() + " " + signature + "\n";
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("an Ed25519 key signs", e);
      }
    }
  }

  /// Base64 (RFC 4648 section 4) in its one canonical form, so that no octet of a note can change
  /// unseen.
  ///
  /// @throws IllegalArgumentException when the text is anything else
  static byte[] decode(String text) {
    byte[] octets = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(octets).equals(text)) {
      throw new IllegalArgumentException("base64 with stray bits");
    }
    return octets;
  }

  private static byte[] raw(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - RAW_KEY_LENGTH, encoded.length);
  }

  private static int keyId(String name, byte[] rawKey) {
    MessageDigest digest = TreeHash.sha256();
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
    digest.update(ED25519);
    byte[] hash = digest.digest(rawKey);
    return ByteBuffer.wrap(hash).getInt();
  }

  private static byte[] concatenate(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
