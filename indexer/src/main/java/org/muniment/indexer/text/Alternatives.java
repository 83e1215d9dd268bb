package org.muniment.indexer.text;

import org.muniment.indexer.text.Extracted.Status;

/// Finds the alternatives (RFC 2046 section 5.1.4) that say the same: the words of the HTML are
/// often those of the plain text before it.
final class Alternatives {

  private String before = "";

  /// The same text, REPEATED where its words are those of the one before it, whatever the white
  /// space between them.
  Extracted next(Extracted text) {
    boolean repeated = isSame(before, text.text());
    before = text.text();
    return repeated ? new Extracted(text.text(), Status.REPEATED) : text;
  }

  private static boolean isSame(String one, String other) {
    int i = skipSpace(one, 0);
    int j = skipSpace(other, 0);
    if (i == one.length()) {
      return false;
    }
    while (i < one.length() && j < other.length() && one.charAt(i) == other.charAt(j)) {
      int nextOfOne = skipSpace(one, i + 1);
      int nextOfOther = skipSpace(other, j + 1);
      boolean ends = nextOfOne == one.length() || nextOfOther == other.length();
      if (!ends && (nextOfOne > i + 1) != (nextOfOther > j + 1)) {
        return false;
      }
      i = nextOfOne;
      j = nextOfOther;
    }
    return i == one.length() && j == other.length();
  }

  private static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    return i;
  }
}
