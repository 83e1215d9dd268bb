package org.muniment.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.muniment.server.config.Secret;

/// A token of a user, as it is listed. The secret itself is not kept.
///
/// @param id names it; no secret
/// @param revoked when it was revoked, null while it is good
public record Token(String id, String user, Instant created, @Nullable Instant revoked) {

  private static final String PREFIX = "mnt_";
  private static final int SECRET_OCTETS = 32;
  private static final int ID_OCTETS = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  /// A fresh token: shown to its user once.
  public record Issued(String id, Secret secret) {}

  static Issued issue() {
    return new Issued(random(ID_OCTETS), new Secret(PREFIX + random(SECRET_OCTETS)));
  }

  static boolean looksLike(Secret text) {
    return text.value().startsWith(PREFIX);
  }

  /// What is kept of the secret: with 256 random bits, a plain SHA-256 cannot be searched.
  static String sha256(Secret secret) {
    try {
      byte[] octets = secret.value().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String random(int octets) {
    byte[] bytes = new byte[octets];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
