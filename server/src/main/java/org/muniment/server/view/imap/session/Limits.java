package org.muniment.server.view.imap.session;

import java.time.Duration;

/// How patient the server is.
///
/// @param login all the time that a client has to sign in
/// @param idle silence afterwards; at least 30 minutes (RFC 9051 section 5.4)
/// @param stalled how long a client may leave an answer unread
/// @param poll how often IDLE looks for new messages
/// @param refusals sign-ins refused before the connection ends
/// @param errors syntax errors in a row before the connection ends
public record Limits(
    Duration login, Duration idle, Duration stalled, Duration poll, int refusals, int errors) {

  /// What a server uses unless told otherwise.
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(60),
          Duration.ofMinutes(30),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5),
          5,
          20);
}
