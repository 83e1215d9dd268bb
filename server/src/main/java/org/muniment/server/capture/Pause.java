package org.muniment.server.capture;

import java.time.Instant;

/// A time in which an account is not captured by itself.
///
/// @param kind whose wish it is
/// @param until its end
/// @param reason in words, those of the source among them
/// @param attempts runs one after the other that ended with a pause of this kind, 0 where the
///   calendar makes it
public record Pause(Kind kind, Instant until, String reason, int attempts) {

  /// Whose wish a pause is.
  public enum Kind {
    /// The source asked to come again later.
    LATER,
    /// The source refused user and secret: more attempts could lock the account.
    DENIED,
    /// What may be fetched in a day is fetched.
    SPENT,
    /// Outside of the hours of the account.
    CLOSED
  }
}
