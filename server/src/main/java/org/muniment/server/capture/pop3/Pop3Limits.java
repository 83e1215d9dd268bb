package org.muniment.server.capture.pop3;

import java.time.Duration;
import org.muniment.server.capture.net.Traffic;

/// How long a server is waited for, and how much is taken from it.
///
/// @param patience longest wait for the next octet
/// @param command longest time for one command with all that it answers
/// @param retrieval longest time for one message
/// @param message most octets of one message
/// @param traffic what the connections are part of
record Pop3Limits(
    Duration patience, Duration command, Duration retrieval, long message, Traffic traffic) {

  /// At whatever rate.
  Pop3Limits(Duration patience, Duration command, Duration retrieval, long message) {
    this(patience, command, retrieval, message, new Traffic(0));
  }

  /// The usual ones, but for the size of a message and the rate.
  static Pop3Limits ofMessages(long messageSize, Traffic traffic) {
    return new Pop3Limits(
        Duration.ofSeconds(60), Duration.ofMinutes(15), Duration.ofHours(1), messageSize, traffic);
  }
}
