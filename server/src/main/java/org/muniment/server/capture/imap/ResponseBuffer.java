package org.muniment.server.capture.imap;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.angus.mail.iap.ByteArray;

/// What one response of a server is read into, literals and all. Takes no more than [#LIMIT]: a
/// server may announce a literal of any length, and memory would be taken for it before an octet of
/// it has come.
final class ResponseBuffer extends ByteArray {

  /// Most octets of one response. A message comes in pieces of [ImapSession#PIECE]; whole from a
  /// server that knows no pieces.
  static final int LIMIT = 32 << 20;

  private static final int FIRST = 4 << 10;

  ResponseBuffer() {
    super(new byte[FIRST], 0, FIRST);
  }

  /// @throws UncheckedIOException when the response is too large
  @Override
  public void grow(int octets) {
    long wanted = (long) getBytes().length + octets;
    if (wanted > LIMIT) {
      throw refused("a response of %,d octets or more".formatted(wanted));
    }
    super.grow(octets);
  }

  /// Called when the response has ended. What is announced by a length that nobody can read would
  /// be taken for responses.
  ///
  /// @throws UncheckedIOException when a literal is announced at the end
  @Override
  public void setCount(int count) {
    String literal = literalAtEnd(count);
    if (!literal.isEmpty()) {
      throw refused("a literal of " + literal + " octets");
    }
    super.setCount(count);
  }

  /// The digits of `"{" 1*DIGIT ["+"] "}" CRLF`, `""` when the end is another.
  private String literalAtEnd(int count) {
    byte[] octets = getBytes();
    int at = count - 3;
    if (at < 0 || octets[at--] != '}') {
      return "";
    }
    if (at >= 0 && octets[at] == '+') {
      at--;
    }
    int end = at + 1;
    while (at >= 0 && octets[at] >= '0' && octets[at] <= '9') {
      at--;
    }
    boolean announced = at >= 0 && octets[at] == '{' && at + 1 < end;
    return announced ? digits(octets, at + 1, end) : "";
  }

  private static String digits(byte[] octets, int from, int end) {
    int shown = Math.min(end, from + 20);
    StringBuilder text = new StringBuilder();
    for (int i = from; i < shown; i++) {
      text.append((char) octets[i]);
    }
    return text.append(shown < end ? "..." : "").toString();
  }

  private static UncheckedIOException refused(String what) {
    return new UncheckedIOException(
        new IOException("the server sends %s; at most %,d are taken".formatted(what, LIMIT)));
  }
}
