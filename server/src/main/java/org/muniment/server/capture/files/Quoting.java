package org.muniment.server.capture.files;

import java.io.IOException;
import java.io.InputStream;
import org.muniment.archive.content.Octets;

/// How a writer of an mbox keeps a line of a message from being taken for a From_ line.
enum Quoting {
  /// Not at all.
  NONE,
  /// `From ` becomes `>From `.
  ONE_LEVEL,
  /// `>*From ` gets one `>` more, so that reading can undo it exactly.
  EVERY_LEVEL,
  /// As [#EVERY_LEVEL], unless the message has a line `From `, which a writer who quotes does not
  /// leave.
  AS_SEEN;

  /// What the lines of one message show.
  static final class Evidence {
    private boolean plain;
    private boolean quoted;
    private boolean quotedOnce;

    void see(LineInput lines) {
      int level = level(lines);
      plain |= level == 0;
      quoted |= level > 0;
      quotedOnce |= level == 1;
    }
  }

  /// Whether a message has something to undo.
  boolean applies(Evidence evidence) {
    return switch (this) {
      case NONE -> false;
      case ONE_LEVEL -> evidence.quotedOnce;
      case EVERY_LEVEL -> evidence.quoted;
      case AS_SEEN -> evidence.quoted && !evidence.plain;
    };
  }

  /// The name of an mbox that is quoted so.
  String format() {
    return this == ONE_LEVEL ? "mboxo" : "mboxrd";
  }

  /// Copies a message without one level of quoting.
  void undo(Octets message, MessageSpool into) throws IOException {
    try (InputStream in = message.open()) {
      LineInput lines = new LineInput(in);
      while (lines.next()) {
        int level = level(lines);
        boolean quoted = level == 1 || (level > 1 && this != ONE_LEVEL);
        int start = lines.start() + (quoted ? 1 : 0);
        into.write(lines.buffer(), start, lines.end() - start);
      }
    }
  }

  /// Number of `>` before `From ` at the beginning of a line; -1 when it is another line. One with
  /// more than [LineInput#LONGEST] is another line, too.
  private static int level(LineInput lines) {
    if (!lines.begins()) {
      return -1;
    }
    int at = lines.start();
    while (at < lines.end() && lines.buffer()[at] == '>') {
      at++;
    }
    return lines.has(FromLine.FROM, at) ? at - lines.start() : -1;
  }
}
