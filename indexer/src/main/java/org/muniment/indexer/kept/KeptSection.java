package org.muniment.indexer.kept;

import java.io.IOException;
import org.muniment.indexer.mail.PartPath;

/// One text of a message.
///
/// @param path of the part; of a header: the message/rfc822 part, or [PartPath#MESSAGE]
public record KeptSection(Kind kind, PartPath path, String text) {

  /// What it is.
  public enum Kind {
    /// The header of a message, decoded, a line `Name: value` for each field.
    HEADER('H'),
    /// A text part.
    BODY('B');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    /// As it is kept.
    char letter() {
      return letter;
    }

    static Kind of(char letter) throws IOException {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw new IOException("a section of kind " + letter);
    }
  }
}
