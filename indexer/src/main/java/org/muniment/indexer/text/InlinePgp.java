package org.muniment.indexer.text;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// OpenPGP armour among the lines of a text (RFC 9580 sections 6 and 7): of a signed text the text
/// is kept, without its headers, its signature and its dash-escapes; other armour is left out. What
/// has no end is text.
final class InlinePgp {

  private static final String BEGIN = "-----BEGIN PGP ";
  private static final String END = "-----END PGP ";
  private static final String TAIL = "-----";
  private static final String SIGNED = "SIGNED MESSAGE";
  private static final String MESSAGE = "MESSAGE";

  private static final List<String> KINDS =
      List.of(SIGNED, MESSAGE, "SIGNATURE", "PUBLIC KEY BLOCK", "PRIVATE KEY BLOCK");

  private final String text;
  private final StringBuilder kept = new StringBuilder();

  /// Kinds of which no end follows, so that it is looked for once.
  private final Set<String> endless = new HashSet<>();

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
      if (kind.filter(SIGNED::equals).isPresent()) {
        skipHeaders();
        escaped = true;
      } else if (kind.isEmpty() || !skipArmour(kind.get())) {
        line();
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

  // cleartext = header CRLF *( armor-header CRLF ) CRLF text
  private void skipHeaders() {
    String line;
    do {
      at = lineEnd(at);
      line = text.substring(at, lineEnd(at));
    } while (line.contains(": "));
    at += line.isBlank() ? line.length() : 0;
  }

  private boolean skipArmour(String kind) {
    int end = endless.contains(kind) ? -1 : text.indexOf(END + kind + TAIL, at);
    if (end < 0) {
      endless.add(kind);
      return false;
    }
    encrypted |= kind.equals(MESSAGE);
    escaped = false;
    at = lineEnd(end);
    return true;
  }

  private void line() {
    int end = lineEnd(at);
    kept.append(text, escaped && text.startsWith("- ", at) ? at + 2 : at, end);
    at = end;
  }
}
