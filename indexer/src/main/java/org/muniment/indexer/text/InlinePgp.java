package org.muniment.indexer.text;

import java.util.List;
import java.util.Optional;

/// OpenPGP armour among the lines of a text (RFC 9580 sections 6 and 7): of a signed text the text
/// is kept, without its headers, its signature and its dash-escapes; other armour is left out. What
/// only looks like armour is text, all of it:
///
/// ```
/// armour    = begin *(header) *(blank) 1*(data) [checksum] *(blank) end
/// cleartext = begin *(header) blank text armour
/// header    = ("Version" / "Comment" / "Hash" / ...) ":" SP value
/// data      = base64; all lines together whole octets, the first one's high bit set
/// checksum  = "=" base64
/// ```
final class InlinePgp {

  private static final String BEGIN = "-----BEGIN PGP ";
  private static final String END = "-----END PGP ";
  private static final String TAIL = "-----";
  private static final String SIGNED = "SIGNED MESSAGE";
  private static final String SIGNATURE = "SIGNATURE";
  private static final String MESSAGE = "MESSAGE";

  private static final List<String> KINDS =
      List.of(SIGNED, MESSAGE, SIGNATURE, "PUBLIC KEY BLOCK", "PRIVATE KEY BLOCK");

  private static final List<String> HEADERS =
      List.of(
          "Version: ",
          "Comment: ",
          "MessageID: ",
          "Hash: ",
          "Charset: ",
          "SaltedHash: ",
          "NotDashEscaped: ");

  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /// Characters of base64 that encode three octets.
  private static final int GROUP = 4;

  /// The first octet of a packet has its highest bit set (section 4.2), and so has its first
  /// character of base64.
  private static final int HIGH_BIT = 32;

  private static final int CHECKSUM = 1 + GROUP;

  private final String text;
  private final StringBuilder kept = new StringBuilder();
  private int at;
  private boolean escaped;
  private boolean encrypted;

  private InlinePgp(String text) {
    this.text = text;
  }

  /// A text without armour.
  ///
  /// @param encrypted whether some of it was an encrypted message
  record Opened(String text, boolean encrypted) {}

  static Opened open(String text) {
    return text.contains(BEGIN) ? new InlinePgp(text).read() : new Opened(text, false);
  }

  private Opened read() {
    while (at < text.length()) {
      Optional<String> kind = kind();
      if (kind.isEmpty() || !skip(kind.get())) {
        keepLine();
      }
    }
    return new Opened(kept.toString(), encrypted);
  }

  /// Of which kind the armour is that begins in this line.
  private Optional<String> kind() {
    return text.startsWith(BEGIN, at)
        ? KINDS.stream().filter(k -> text.startsWith(k + TAIL, at + BEGIN.length())).findFirst()
        : Optional.empty();
  }

  private int lineEnd(int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end + 1;
  }

  private String line(int from) {
    return text.substring(from, lineEnd(from)).stripTrailing();
  }

  private boolean skip(String kind) {
    return kind.equals(SIGNED) ? skipToText() : skipArmour(kind);
  }

  private boolean skipToText() {
    int blank = afterHeaders(lineEnd(at));
    if (blank == text.length() || !line(blank).isEmpty()) {
      return false;
    }
    at = lineEnd(blank);
    escaped = true;
    return true;
  }

  private boolean skipArmour(String kind) {
    escaped &= !kind.equals(SIGNATURE);
    int end = afterBlanks(afterData(afterBlanks(afterHeaders(lineEnd(at)))));
    if (end < 0 || !text.startsWith(END + kind + TAIL, end)) {
      return false;
    }
    encrypted |= kind.equals(MESSAGE);
    escaped = false;
    at = lineEnd(end);
    return true;
  }

  private int afterHeaders(int from) {
    int header = from;
    while (isHeader(header)) {
      header = lineEnd(header);
    }
    return header;
  }

  private boolean isHeader(int from) {
    return HEADERS.stream().anyMatch(name -> text.startsWith(name, from));
  }

  private int afterBlanks(int from) {
    int blank = from;
    while (blank >= 0 && blank < text.length() && line(blank).isEmpty()) {
      blank = lineEnd(blank);
    }
    return blank;
  }

  /// Where the lines of base64 and their checksum end; -1 where they are none.
  private int afterData(int from) {
    if (from >= text.length() || BASE64.indexOf(text.charAt(from)) < HIGH_BIT) {
      return -1;
    }
    int data = from;
    int characters = 0;
    while (data < text.length() && isData(line(data))) {
      characters += line(data).length();
      data = lineEnd(data);
    }
    if (characters % GROUP != 0) {
      return -1;
    }
    boolean checksum = line(data).length() == CHECKSUM && line(data).startsWith("=");
    return checksum ? lineEnd(data) : data;
  }

  private static boolean isData(String line) {
    int end =
        line.endsWith("==") ? line.length() - 2 : line.length() - (line.endsWith("=") ? 1 : 0);
    for (int i = 0; i < end; i++) {
      if (BASE64.indexOf(line.charAt(i)) < 0) {
        return false;
      }
    }
    return end > 0;
  }

  private void keepLine() {
    int end = lineEnd(at);
    kept.append(text, escaped && text.startsWith("- ", at) ? at + 2 : at, end);
    at = end;
  }
}
