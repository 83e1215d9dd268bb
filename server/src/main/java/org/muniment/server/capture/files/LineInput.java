package org.muniment.server.capture.files;

import java.io.IOException;
import java.io.InputStream;

/// Reads octets line by line; a line ends with LF, which is part of it. A line longer than
/// [#LONGEST] comes in pieces.
final class LineInput {

  /// Octets of a line that are seen at once.
  static final int LONGEST = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[LONGEST];
  private int start;
  private int end;
  private int limit;
  private long offset;
  private boolean begins;
  private boolean ended = true;
  private boolean exhausted;

  LineInput(InputStream in) {
    this.in = in;
  }

  /// Goes to the next line, or the next piece of one.
  ///
  /// @return false at the end
  boolean next() throws IOException {
    offset += end - start;
    start = end;
    begins = ended;
    int at = start;
    while (true) {
      while (at < limit && buffer[at] != '\n') {
        at++;
      }
      if (at < limit) {
        end = at + 1;
        ended = true;
        return true;
      }
      if (exhausted || (start == 0 && limit == LONGEST)) {
        end = limit;
        ended = false;
        return end > start;
      }
      at -= start;
      fill();
    }
  }

  private void fill() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, limit - start);
    limit -= start;
    start = 0;
    int read = in.read(buffer, limit, LONGEST - limit);
    if (read < 0) {
      exhausted = true;
    } else {
      limit += read;
    }
  }

  /// The octets that the piece is part of.
  byte[] buffer() {
    return buffer;
  }

  /// Where in [#buffer()] the piece begins.
  int start() {
    return start;
  }

  /// Where in [#buffer()] the piece ends, after the LF when it has one.
  int end() {
    return end;
  }

  int length() {
    return end - start;
  }

  /// Octets before the piece.
  long offset() {
    return offset;
  }

  /// Whether the piece is the beginning of a line.
  boolean begins() {
    return begins;
  }

  /// Whether the piece is a whole line without a character: LF or CRLF.
  boolean isEmpty() {
    return begins && ended && (length() == 1 || (length() == 2 && buffer[start] == '\r'));
  }

  /// Whether the piece ends with CRLF.
  boolean endsWithCrLf() {
    return ended && length() >= 2 && buffer[end - 2] == '\r';
  }

  /// Whether `text`, of US-ASCII, stands at a place of the piece.
  boolean has(String text, int at) {
    if (at + text.length() > end) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (buffer[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
