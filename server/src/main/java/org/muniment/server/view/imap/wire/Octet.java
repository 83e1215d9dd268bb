package org.muniment.server.view.imap.wire;

/// The character classes of RFC 9051 section 9.
final class Octet {

  private static final int DEL = 0x7F;

  private Octet() {}

  // ABNF: atom-specials = "(" / ")" / "{" / SP / CTL / list-wildcards / quoted-specials /
  //                       resp-specials
  static boolean isAtom(int c) {
    return isAstring(c) && c != ']';
  }

  // ABNF: ASTRING-CHAR = ATOM-CHAR / resp-specials
  static boolean isAstring(int c) {
    return c > ' '
        && c < DEL
        && switch (c) {
          case '(', ')', '{', '%', '*', '"', '\\' -> false;
          default -> true;
        };
  }

  // ABNF: list-char = ATOM-CHAR / list-wildcards / resp-specials
  static boolean isList(int c) {
    return isAstring(c) || c == '%' || c == '*';
  }

  // ABNF: tag = 1*<any ASTRING-CHAR except "+">
  static boolean isTag(int c) {
    return isAstring(c) && c != '+';
  }

  // ABNF: TEXT-CHAR = <any CHAR except CR and LF>; NUL never, 8-bit octets leniently
  static boolean isText(int c) {
    return c != '\r' && c != '\n' && c != 0;
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
