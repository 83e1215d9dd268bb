package org.muniment.server.capture.imap;

import java.time.Duration;

/// What a server may cost.
///
/// @param messageSize octets of the largest message that is captured, at most 2^32 - 1
/// @param patience longest wait for the next octet
/// @param signIn longest time from connecting until signed in
/// @param command longest time for one command, with all that it answers
public record ImapLimits(long messageSize, Duration patience, Duration signIn, Duration command) {

  /// The usual ones, but for the size of a message.
  public static ImapLimits ofMessages(long messageSize) {
    return new ImapLimits(
        messageSize, Duration.ofSeconds(60), Duration.ofMinutes(2), Duration.ofMinutes(15));
  }
}
