package org.muniment.indexer.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What the two processes say to each other.
///
/// ```
/// to the child   = *(DOCUMENT)                       one at a time
/// from the child = READY *(*(TYPE / NAME / LANGUAGE / TEXT) END)
///
/// DOCUMENT       = "D" length path LF type LF name   path of the file, the hints
/// READY          = "R" length                        it can read documents
/// TYPE           = "M" length media-type
/// NAME           = "N" length name                   of a document inside
/// LANGUAGE       = "L" length language
/// TEXT           = "T" length text                   some of it
/// END            = "E" length status LF reason
/// length         = 4 octets, big-endian              of the UTF-8 text that follows
/// ```
///
/// The parts come as they are found, so that what was found is kept when the child is killed.
///
/// @param kind the letter
public record Frame(Kind kind, String text) {

  /// Most octets of a text; what the child sends is not to be trusted.
  static final int MAX_OCTETS = 1 << 20;

  /// The letter of a frame.
  public enum Kind {
    DOCUMENT('D'),
    READY('R'),
    TYPE('M'),
    NAME('N'),
    LANGUAGE('L'),
    TEXT('T'),
    END('E');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    private static Kind of(int letter) throws IOException {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw new IOException("no frame begins with " + letter);
    }
  }

  /// Reads one; null at the end of the stream.
  ///
  /// @throws IOException also when it is anything else
  public static @Nullable Frame read(DataInputStream in) throws IOException {
    int letter = in.read();
    if (letter < 0) {
      return null;
    }
    Kind kind = Kind.of(letter);
    int length = in.readInt();
    if (length < 0 || length > MAX_OCTETS) {
      throw new IOException("a frame of " + length + " octets");
    }
    byte[] octets = in.readNBytes(length);
    if (octets.length < length) {
      throw new EOFException("a frame that ends after " + octets.length + " of " + length);
    }
    return new Frame(kind, new String(octets, UTF_8));
  }

  /// Writes it, and sends it.
  public void write(DataOutputStream out) throws IOException {
    byte[] octets = text.getBytes(UTF_8);
    out.writeByte(kind.letter);
    out.writeInt(octets.length);
    out.write(octets);
    out.flush();
  }

  /// The parts of the text between line feeds; the last one has the rest.
  ///
  /// @param count of parts
  public String[] lines(int count) {
    return text.split("\n", count);
  }
}
