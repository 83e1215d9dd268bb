package org.muniment.indexer.text;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// A cursor over the lines of a decoded text. A line ends with LF or CRLF; a line longer than
/// [#MAX_PIECE] comes in pieces.
final class LineOctets implements Closeable {

  /// Most octets of a piece, its line break included.
  static final int MAX_PIECE = 1024;

  private static final int BUFFER = 4 * MAX_PIECE;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private long base;
  private int start;
  private int next;
  private int limit;
  private int length;
  private boolean begins;
  private boolean ends = true;
  private boolean again;

  LineOctets(InputStream in) {
    this.in = in;
  }

  /// Moves to the next piece; false at the end of the stream.
  boolean next() throws IOException {
    if (again) {
      again = false;
      return true;
    }
    start = next;
    begins = ends;
    int at = start;
    while (true) {
      while (at < limit && at - start < MAX_PIECE) {
        if (buffer[at++] == '\n') {
          return piece(at, true);
        }
      }
      if (at - start == MAX_PIECE) {
        return piece(at, false);
      }
      int scanned = at - start;
      if (!fill()) {
        return piece(limit, true) && limit > start;
      }
      at = start + scanned;
    }
  }

  private boolean piece(int end, boolean last) {
    next = end;
    ends = last;
    int content = end;
    if (content > start && buffer[content - 1] == '\n') {
      content--;
      content -= content > start && buffer[content - 1] == '\r' ? 1 : 0;
    }
    length = content - start;
    return true;
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, limit - start);
    base += start;
    limit -= start;
    start = 0;
    int count = in.read(buffer, limit, buffer.length - limit);
    limit += Math.max(0, count);
    return count > 0;
  }

  /// Lets the next call of [#next] stay where it is.
  void stay() {
    again = true;
  }

  /// Whether the piece is the first one of its line.
  boolean begins() {
    return begins;
  }

  /// Offset in the stream of the first octet of the piece.
  long offset() {
    return base + start;
  }

  /// Number of octets without the line break.
  int length() {
    return length;
  }

  int at(int index) {
    return buffer[start + index] & 0xFF;
  }

  /// Number of octets with the line break.
  int rawLength() {
    return next - start;
  }

  void copyRaw(byte[] into) {
    System.arraycopy(buffer, start, into, 0, rawLength());
  }

  boolean startsWith(String ascii) {
    if (length < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (at(i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// Each octet as one ISO-8859-1 character, without the line break.
  String text() {
    return new String(buffer, start, length, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
