package org.muniment.indexer.mail;

import java.time.Instant;
import java.util.Optional;

/// When a message says it was sent (RFC 5322 section 3.3).
///
/// @param offsetSeconds of the sender's clock from UTC
public record SentDate(Instant instant, int offsetSeconds) {

  /// Reads a date leniently; empty when it cannot be understood.
  public static Optional<SentDate> parse(String raw) {
    return unwritten(raw);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
