package org.muniment.indexer.mail;

/// What may stand in a line of an encoded body (RFC 2045 sections 6.7 and 6.8).
final class EncodedLine {

  /// By octet, whether it may stand in a line of base64.
  private static final boolean[] BASE64 = new boolean[256];

  static {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t"
        .chars()
        .forEach(octet -> BASE64[octet] = true);
  }

  private EncodedLine() {}

  static boolean isEncoded(String encoding) {
    return encoding.equals("base64") || encoding.equals("quoted-printable");
  }

  static boolean isLegal(String encoding, OctetLines line) {
    return switch (encoding) {
      case "base64" -> line.isAll(BASE64);
      case "quoted-printable" -> isQuotedPrintable(line);
      default -> true;
    };
  }

  private static boolean isQuotedPrintable(OctetLines line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.at(i) == '=' && i + 2 < line.length() && !isHexPair(line, i + 1)) {
        return isSoftBreak(line, i + 1);
      }
    }
    return true;
  }

  private static boolean isHexPair(OctetLines line, int index) {
    return Character.digit(line.at(index), 16) >= 0 && Character.digit(line.at(index + 1), 16) >= 0;
  }

  private static boolean isSoftBreak(OctetLines line, int index) {
    for (int i = index; i < line.length(); i++) {
      if (line.at(i) != ' ' && line.at(i) != '\t') {
        return false;
      }
    }
    return true;
  }
}
