package org.muniment.server.capture.idle;

import java.time.Duration;

/// How fast watching goes, whatever servers do.
///
/// @param renewal longest time in IDLE at a stretch
/// @param settling pause after news, for more of the same
/// @param between least pause between two runs of an account
/// @param reconnect first pause after a connection was lost; doubles up to `longest`
/// @param refused first pause after a server refused, as it does a wrong password: accounts get
///   locked; doubles up to `longest`
/// @param steady a connection that lasted so long was a good one
/// @param longest longest of these pauses
record Pace(
    Duration renewal,
    Duration settling,
    Duration between,
    Duration reconnect,
    Duration refused,
    Duration steady,
    Duration longest) {

  /// The usual one.
  static final Pace USUAL =
      new Pace(
          Duration.ofMinutes(28),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMinutes(15),
          Duration.ofMinutes(5),
          Duration.ofHours(6));

  /// The pause after a number of failures in a row.
  Duration after(Duration first, int failures) {
    Duration pause = first;
    for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
