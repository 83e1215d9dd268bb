package org.muniment.server.restore;

import java.util.Locale;

/// What reading a message back from the target has shown.
enum Verdict {
  /// The same octets.
  IDENTICAL,
  /// The same but for line ends, which the target writes as CRLF.
  LINE_ENDS,
  /// The same but for line ends and NUL, which IMAP cannot carry.
  NUL,
  /// Other octets.
  DIFFERENT,
  /// It is not there any more, or was not given.
  MISSING;

  /// As it is written in a checkpoint and a receipt.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
