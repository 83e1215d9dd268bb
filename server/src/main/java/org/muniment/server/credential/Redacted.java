package org.muniment.server.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Collection;

/// Words of others, without a secret that they might repeat.
public final class Redacted {

  /// Characters of them that are kept.
  private static final int LONGEST = 1_000;

  private Redacted() {}

  /// `words` on one line, [#LONGEST] characters at most, the secret and its base64 taken out.
  ///
  /// @param secrets empty ones count for nothing
  public static String words(String words, Collection<String> secrets) {
    String kept = words;
    for (String secret : secrets) {
      if (!secret.isEmpty()) {
        String encoded = Base64.getEncoder().encodeToString(secret.getBytes(UTF_8));
        kept = kept.replace(secret, "(secret)").replace(encoded, "(secret)");
      }
    }
    StringBuilder line = new StringBuilder();
    kept.strip()
        .codePoints()
        .limit(LONGEST)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .forEach(line::appendCodePoint);
    return kept.length() > LONGEST ? line + "..." : line.toString();
  }
}
