package org.muniment.archive.part;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.muniment.archive.event.ContentId;

/// A run of base64 lines (RFC 4648 section 4) in a message that its decoded octets, with what is
/// said here, give back exactly: every line but the last has the same width, all have the same line
/// end, and no bit is stray.
///
/// @param offset of its first octet in the message
/// @param length octets in the message
/// @param width characters of a line; a multiple of 4
/// @param lineEnd of every line, but perhaps the last
/// @param ended whether the last line has its end, too
/// @param content SHA-256 of the decoded octets
/// @param decoded number of decoded octets
public record Base64Run(
    long offset,
    long length,
    int width,
    LineEnd lineEnd,
    boolean ended,
    ContentId content,
    long decoded) {

  /// How lines end.
  public enum LineEnd {
    /// A line feed.
    LF("\n"),
    /// A carriage return and a line feed.
    CRLF("\r\n");

    private final String text;

    LineEnd(String text) {
      this.text = text;
    }

    /// Octets in it.
    public int length() {
      return text.length();
    }

    /// The octets, a fresh array.
    public byte[] octets() {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  /// Number of octets that so many decoded octets take in a message.
  public static long length(long decoded, int width, LineEnd lineEnd, boolean ended) {
    long characters = (decoded + 2) / 3 * 4;
    long lines = (characters + width - 1) / width;
    return characters + (lines - (ended ? 0 : 1)) * lineEnd.length();
  }

  /// Writes the octets that stood in the message.
  ///
  /// @param part the decoded octets, read to the end
  public void encode(InputStream part, OutputStream message) throws IOException {
    OutputStream encoded =
        Base64.getMimeEncoder(width, lineEnd.octets()).wrap(new Unclosed(message));
    try (encoded) {
      part.transferTo(encoded);
    }
    if (ended) {
      message.write(lineEnd.octets());
    }
  }

  /// The encoder writes its last characters when it is closed, and what it writes to goes on.
  private static final class Unclosed extends OutputStream {
    private final OutputStream out;

    Unclosed(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int octet) throws IOException {
      out.write(octet);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      out.write(octets, offset, length);
    }
  }
}
