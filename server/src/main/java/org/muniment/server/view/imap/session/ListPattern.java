package org.muniment.server.view.imap.session;

/// A pattern of LIST (RFC 9051 section 6.3.9): `*` stands for any characters, `%` for any but the
/// delimiter. Takes time proportional to the lengths of pattern and name, whatever they are.
public final class ListPattern {

  private static final int INBOX = 5;

  private final String pattern;

  public ListPattern(String pattern) {
    this.pattern = pattern;
  }

  /// Whether the whole of `name` is of this pattern. INBOX compares without regard to case.
  public boolean matches(String name) {
    boolean inbox = name.equals("INBOX") || name.startsWith("INBOX" + Folders.DELIMITER);
    // reached[i]: the first i characters of the pattern match what was read of the name.
    boolean[] reached = new boolean[pattern.length() + 1];
    reached[0] = true;
    passWildcards(reached);
    for (int at = 0; at < name.length(); at++) {
      reached = step(reached, name.charAt(at), inbox && at < INBOX);
    }
    return reached[pattern.length()];
  }

  private boolean[] step(boolean[] before, char c, boolean anyCase) {
    boolean[] after = new boolean[before.length];
    for (int i = 0; i < pattern.length(); i++) {
      if (before[i]) {
        switch (pattern.charAt(i)) {
          case '*' -> after[i] = true;
          case '%' -> after[i] |= c != '/';
          default -> after[i + 1] = same(pattern.charAt(i), c, anyCase);
        }
      }
    }
    passWildcards(after);
    return after;
  }

  private void passWildcards(boolean[] reached) {
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      reached[i + 1] |= reached[i] && (c == '*' || c == '%');
    }
  }

  private static boolean same(char pattern, char c, boolean anyCase) {
    return pattern == c || (anyCase && (pattern | 0x20) == (c | 0x20));
  }
}
