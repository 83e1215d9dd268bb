package org.muniment.indexer.text;

import java.util.Locale;

/// text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341 section 7.1.3) without their
/// commands.
final class EnrichedText {

  /// Longest name of a command (RFC 1896 section 2).
  private static final int MAX_NAME = 60;

  private final String text;

  /// The command whose content is no text.
  private final String left;

  private final boolean enriched;
  private final StringBuilder kept;
  private int at;
  private int depth;

  private EnrichedText(String text, boolean enriched) {
    this.text = text;
    this.enriched = enriched;
    this.left = enriched ? "param" : "comment";
    this.kept = new StringBuilder(text.length());
  }

  static String enriched(String text) {
    return new EnrichedText(text, true).read();
  }

  static String richtext(String text) {
    return new EnrichedText(text, false).read();
  }

  private String read() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '<' && !command()) {
        at += enriched && text.startsWith("<<", at) ? 2 : 1;
        keep('<');
      } else if (c == '\n' || c == '\r') {
        lineBreaks();
      } else if (c != '<') {
        keep(c);
        at++;
      }
    }
    return kept.toString();
  }

  private void keep(char c) {
    if (depth == 0) {
      kept.append(c);
    }
  }

  /// Skips a command that begins here; false where there is none.
  private boolean command() {
    int from = at + 1;
    boolean closing = text.startsWith("/", from);
    from += closing ? 1 : 0;
    int end = from;
    while (end < text.length() && end - from <= MAX_NAME && isName(text.charAt(end))) {
      end++;
    }
    if (end == from || end == text.length() || text.charAt(end) != '>') {
      return false;
    }
    at = end + 1;
    command(text.substring(from, end).toLowerCase(Locale.ROOT), closing);
    return true;
  }

  private static boolean isName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  }

  private void command(String name, boolean closing) {
    if (name.equals(left)) {
      depth = Math.max(0, depth + (closing ? -1 : 1));
    } else if (!enriched && name.equals("lt")) {
      keep('<');
    } else if (!enriched && (name.equals("nl") || name.equals("np") || name.equals("paragraph"))) {
      keep('\n');
    }
  }

  /// A single line break is a space; of more, one is left out (RFC 1896 section 3).
  private void lineBreaks() {
    int breaks = 0;
    while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
      breaks += text.charAt(at++) == '\n' ? 1 : 0;
    }
    if (!enriched || breaks <= 1) {
      keep(' ');
    } else {
      for (int i = 1; i < breaks; i++) {
        keep('\n');
      }
    }
  }
}
