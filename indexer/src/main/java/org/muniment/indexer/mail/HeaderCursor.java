package org.muniment.indexer.mail;

/// A cursor over the value of a structured field (RFC 5322 section 3.2, RFC 2045 section 5.1).
final class HeaderCursor {

  private static final String TSPECIALS = "()<>@,;:\\\"/[]?=";

  private final String text;
  private int at;
  private String comment = "";

  HeaderCursor(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /// The next character; U+FFFF at the end.
  char peek() {
    return at < text.length() ? text.charAt(at) : '\uFFFF';
  }

  char read() {
    return text.charAt(at++);
  }

  /// Skips a character when it is the next one.
  boolean skip(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  /// Skips up to a character, or to the end.
  void skipTo(char wanted) {
    int found = text.indexOf(wanted, at);
    at = found < 0 ? text.length() : found;
  }

  /// The last comment that was skipped, without parentheses.
  String comment() {
    return comment;
  }

  void forgetComment() {
    comment = "";
  }

  // CFWS = (1*([FWS] comment) [FWS]) / FWS
  /// Skips white space and comments; whether there was any.
  boolean skipCfws() {
    int begin = at;
    while (!atEnd()) {
      if (isSpace(peek())) {
        at++;
      } else if (peek() == '(') {
        skipComment();
      } else {
        break;
      }
    }
    return at > begin;
  }

  // comment = "(" *([FWS] ccontent) [FWS] ")"
  private void skipComment() {
    StringBuilder content = new StringBuilder();
    int depth = 0;
    while (!atEnd()) {
      char c = read();
      if (c == '\\' && !atEnd()) {
        content.append(read());
      } else if (c == ')' && --depth == 0) {
        break;
      } else if (c != '(' || depth++ > 0) {
        content.append(c);
      }
    }
    comment = content.toString();
  }

  // quoted-string = DQUOTE *([FWS] qcontent) [FWS] DQUOTE
  /// Reads a quoted string, the cursor standing on its first quote.
  String quotedString() {
    at++;
    StringBuilder content = new StringBuilder();
    while (!atEnd()) {
      char c = read();
      if (c == '"') {
        break;
      }
      content.append(c == '\\' && !atEnd() ? read() : c);
    }
    return content.toString();
  }

  // domain-literal = "[" *([FWS] dtext) [FWS] "]"
  String domainLiteral() {
    int begin = at;
    skipTo(']');
    skip(']');
    return text.substring(begin, at);
  }

  // token := 1*<any (US-ASCII) CHAR except SPACE, CTLs, or tspecials>
  /// Reads a token of MIME; empty where there is none.
  String token() {
    int begin = at;
    while (!atEnd() && isToken(peek())) {
      at++;
    }
    return text.substring(begin, at);
  }

  static boolean isToken(char c) {
    return c > ' ' && c != 0x7F && TSPECIALS.indexOf(c) < 0;
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
