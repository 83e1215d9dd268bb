package org.muniment.server.capture.pop3;

import java.io.IOException;
import java.io.OutputStream;

/// Takes a message out of a multi-line reply (RFC 1939 section 3): a line that begins with a dot
/// has one too many, and a line of a dot alone is the end. A line ends with CRLF and with nothing
/// else, so that lone CR and LF are octets like any other.
///
/// ```
/// message end = *(*OCTET CRLF) "." CRLF
/// ```
final class DotStuffing {

  private enum State {
    BEGIN,
    DOT,
    DOT_CR,
    INSIDE,
    CR,
    ENDED
  }

  private final OutputStream message;
  private State state = State.BEGIN;
  private long length;

  DotStuffing(OutputStream message) {
    this.message = message;
  }

  /// Whether the end was taken.
  boolean ended() {
    return state == State.ENDED;
  }

  /// Octets of the message so far.
  long length() {
    return length;
  }

  /// Takes octets up to the end of the message.
  ///
  /// @return how many were taken
  int take(byte[] octets, int from, int to) throws IOException {
    int begin = from;
    int at = from;
    while (at < to && state != State.ENDED) {
      byte octet = octets[at++];
      switch (state) {
        case BEGIN -> {
          if (octet == '.') {
            write(octets, begin, at - 1);
            begin = at;
            state = State.DOT;
          } else {
            state = after(octet);
          }
        }
        case DOT -> state = octet == '\r' ? State.DOT_CR : after(octet);
        case DOT_CR -> {
          if (octet == '\n') {
            begin = at;
            state = State.ENDED;
          } else {
            writeCr();
            begin = at - 1;
            state = after(octet);
          }
        }
        case INSIDE -> state = after(octet);
        case CR -> state = octet == '\n' ? State.BEGIN : after(octet);
        case ENDED -> throw new IllegalStateException();
      }
      if (state == State.DOT_CR) {
        begin = at;
      }
    }
    write(octets, begin, at);
    return at - from;
  }

  private static State after(byte octet) {
    return octet == '\r' ? State.CR : State.INSIDE;
  }

  /// The CR after a dot was held back, as if it were that of the end.
  private void writeCr() throws IOException {
    message.write('\r');
    length++;
  }

  private void write(byte[] octets, int begin, int end) throws IOException {
    if (end > begin) {
      message.write(octets, begin, end - begin);
      length += end - begin;
    }
  }
}
