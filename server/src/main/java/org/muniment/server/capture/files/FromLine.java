package org.muniment.server.capture.files;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The line that begins a message of an mbox: `From sender date`.
///
/// @param date null when the line tells none
/// @param crLf whether the line ends with CRLF
record FromLine(@Nullable Instant date, boolean crLf) {

  static final String FROM = "From ";

  /// A longer line is text.
  static final int LONGEST = 1_024;

  /// The piece as a From_ line; null when it is none.
  static @Nullable FromLine of(LineInput lines) {
    if (!lines.begins() || lines.length() > LONGEST || !lines.has(FROM, lines.start())) {
      return null;
    }
    String line =
        new String(lines.buffer(), lines.start(), lines.length(), StandardCharsets.ISO_8859_1);
    return new FromLine(MailDate.ofFromLine(line), lines.endsWithCrLf());
  }
}
