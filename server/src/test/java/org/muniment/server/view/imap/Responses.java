package org.muniment.server.view.imap;

import java.util.List;

/// Looks through what a server has sent, as far as it came: whether it is responses, each on a line
/// of its own (RFC 9051 section 7), with nothing in them that the grammar does not know.
final class Responses {

  private static final List<String> ENDS = List.of("OK", "NO", "BAD", "BYE");

  private final String sent;
  private int at;

  private Responses(String sent) {
    this.sent = sent;
  }

  /// @param sent one character for each octet
  /// @throws IllegalStateException when it is no responses
  static void check(String sent) {
    new Responses(sent).all();
  }

  private void all() {
    while (at < sent.length()) {
      int start = at;
      String first = word();
      require(sent.charAt(at) == ' ' || first.equals("+"), start);
      String second = nextWord();
      require(first.equals("+") || first.equals("*") || ENDS.contains(second), start);
      // Words for people may hold anything; values may not.
      boolean values = first.equals("*") && !ENDS.contains(second);
      if (values) {
        at = start;
        values(start);
      } else {
        at = sent.indexOf('\n', at);
      }
      require(at > 0 && sent.startsWith("\r\n", values ? at : at - 1), start);
      at += values ? 2 : 1;
    }
  }

  private String nextWord() {
    at++;
    return word();
  }

  private String word() {
    int start = at;
    while (at < sent.length() && " \r\n".indexOf(sent.charAt(at)) < 0) {
      at++;
    }
    return sent.substring(start, Math.min(at, sent.length()));
  }

  /// To the end of the line: parentheses close, quotes hold printable US-ASCII or UTF-8, and
  /// literals are as long as they say.
  private void values(int start) {
    int open = 0;
    while (at < sent.length() && sent.charAt(at) != '\r') {
      char c = sent.charAt(at++);
      switch (c) {
        case '(' -> open++;
        case ')' -> require(open-- > 0, start);
        case '"' -> quoted(start);
        case '{' -> literal(start);
        default -> require(c >= ' ' && c < 0x7f, start);
      }
    }
    require(open == 0, start);
  }

  private void quoted(int start) {
    while (sent.charAt(at) != '"') {
      char c = sent.charAt(at);
      require((c >= ' ' || c == '\t') && c != 0x7f, start);
      at += c == '\\' ? 2 : 1;
    }
    at++;
  }

  private void literal(int start) {
    int end = sent.indexOf('}', at);
    require(end > at && sent.startsWith("}\r\n", end), start);
    at = end + 3 + Integer.parseInt(sent, at, end, 10);
    require(at < sent.length(), start);
  }

  private void require(boolean right, int start) {
    if (!right) {
      throw new IllegalStateException(
          "no response: " + sent.substring(start, Math.min(sent.length(), start + 1_000)));
    }
  }
}
