package org.muniment.indexer.mail;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A cursor over the lines of a stream. A line ends with LF or CRLF; a CR alone is an octet like
/// others. Long lines come in pieces, so that memory stays flat.
final class OctetLines {

  /// The first piece of a line has the whole line, or more octets than this.
  static final int FIRST_PIECE = 1024;

  private static final int BUFFER = 64 << 10;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int limit;
  private long base;
  private boolean ended;

  private int start;
  private int end;
  private int next;
  private boolean beginsLine;
  private boolean endsLine = true;

  OctetLines(InputStream in) {
    this.in = in;
  }

  /// Moves to the next piece; false at the end of the stream.
  boolean next() throws IOException {
    beginsLine = endsLine;
    from = next;
    int searched = from;
    while (true) {
      int lf = indexOf((byte) '\n', searched, limit);
      if (lf >= 0) {
        return piece(lf > from && buffer[lf - 1] == '\r' ? lf - 1 : lf, lf + 1, true);
      }
      if (ended) {
        piece(limit, limit, true);
        return end > start;
      }
      if (limit - from > FIRST_PIECE) {
        int held = buffer[limit - 1] == '\r' ? limit - 1 : limit;
        return piece(held, held, false);
      }
      int scanned = limit - from;
      fill();
      searched = from + scanned;
    }
  }

  private boolean piece(int contentEnd, int nextStart, boolean last) {
    start = from;
    end = contentEnd;
    next = nextStart;
    endsLine = last;
    return true;
  }

  private void fill() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, limit - from);
    base += from;
    limit -= from;
    from = 0;
    int count = in.read(buffer, limit, buffer.length - limit);
    if (count < 0) {
      ended = true;
    } else {
      limit += count;
    }
  }

  int indexOf(byte wanted, int begin, int stop) {
    for (int i = begin; i < stop; i++) {
      if (buffer[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /// Whether the piece is the first one of its line.
  boolean beginsLine() {
    return beginsLine;
  }

  /// Whether the piece is the last one of its line.
  boolean endsLine() {
    return endsLine;
  }

  /// Offset in the stream of the first octet of the piece.
  long offset() {
    return base + start;
  }

  /// Offset in the stream after the piece and its line break.
  long nextOffset() {
    return base + next;
  }

  /// Number of octets of the piece, without its line break.
  int length() {
    return end - start;
  }

  /// Number of octets of the line break: 2, 1, or 0 where the piece has none.
  int breakLength() {
    return next - end;
  }

  byte at(int index) {
    return buffer[start + index];
  }

  boolean startsWith(byte[] octets, int at) {
    return length() - at >= octets.length
        && Arrays.equals(buffer, start + at, start + at + octets.length, octets, 0, octets.length);
  }

  /// Whether all octets of the piece are allowed.
  ///
  /// @param allowed by octet, 256 of them
  boolean isAll(boolean[] allowed) {
    for (int i = start; i < end; i++) {
      if (!allowed[buffer[i] & 0xFF]) {
        return false;
      }
    }
    return true;
  }

  boolean hasNul() {
    return indexOf((byte) 0, start, end) >= 0;
  }

  /// Appends the octets from an index on, each as one ISO-8859-1 character.
  void appendTo(StringBuilder text, int index, int most) {
    int stop = Math.min(end, start + index + most);
    for (int i = start + index; i < stop; i++) {
      text.append((char) (buffer[i] & 0xFF));
    }
  }
}
