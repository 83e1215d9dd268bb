package org.muniment.server.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.muniment.server.config.Secret;

/// Passwords that were right a moment ago, so that a program that sends one with each request does
/// not cost an argon2id each time. Kept as an HMAC-SHA-256 under a key that only this process has;
/// another hash of the user makes it worthless.
final class RecentPasswords {

  static final Duration GOOD_FOR = Duration.ofSeconds(60);
  private static final int MOST = 1_000;
  private static final String HMAC = "HmacSHA256";
  private static final int KEY_OCTETS = 32;

  private final InstantSource clock;
  private final SecretKeySpec key;
  private final Map<ByteBuffer, Instant> verified =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Instant> eldest) {
          return size() > MOST;
        }
      };

  RecentPasswords(InstantSource clock) {
    this.clock = clock;
    byte[] octets = new byte[KEY_OCTETS];
    new SecureRandom().nextBytes(octets);
    this.key = new SecretKeySpec(octets, HMAC);
  }

  /// @param hash what is kept of the user's password; has a salt, so that it names the user too
  synchronized boolean has(Secret password, String hash) {
    Instant until = verified.get(mac(password, hash));
    return until != null && clock.instant().isBefore(until);
  }

  synchronized void add(Secret password, String hash) {
    ByteBuffer mac = mac(password, hash);
    verified.remove(mac);
    verified.put(mac, clock.instant().plus(GOOD_FOR));
  }

  private ByteBuffer mac(Secret password, String hash) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update(hash.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return ByteBuffer.wrap(mac.doFinal(password.value().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }
}
