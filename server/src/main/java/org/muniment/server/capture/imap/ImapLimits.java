package org.muniment.server.capture.imap;

import java.time.Duration;
import org.muniment.server.capture.net.Traffic;

/// What a server may cost.
///
/// @param messageSize octets of the largest message that is captured, at most 2^32 - 1
/// @param patience longest wait for the next octet
/// @param signIn longest time from connecting until signed in
/// @param command longest time for one command, with all that it answers
/// @param traffic what the connections are part of
public record ImapLimits(
    long messageSize, Duration patience, Duration signIn, Duration command, Traffic traffic) {

  /// At whatever rate.
  public ImapLimits(long messageSize, Duration patience, Duration signIn, Duration command) {
    this(messageSize, patience, signIn, command, new Traffic(0));
  }

  /// The usual ones, but for the size of a message.
  public static ImapLimits ofMessages(long messageSize) {
    return ofMessages(messageSize, new Traffic(0));
  }

  /// The usual ones, but for the size of a message and the rate.
  public static ImapLimits ofMessages(long messageSize, Traffic traffic) {
    return new ImapLimits(
        messageSize,
        Duration.ofSeconds(60),
        Duration.ofMinutes(2),
        Duration.ofMinutes(15),
        traffic);
  }
}
