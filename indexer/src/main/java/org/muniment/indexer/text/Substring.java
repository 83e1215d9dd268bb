package org.muniment.indexer.text;

/// Looks for one value in texts, both folded (see [CaseFold]), in time linear in the text whatever
/// they hold (Knuth, Morris, Pratt).
final class Substring {

  private final String wanted;
  private final int[] borders;

  Substring(String value) {
    wanted = CaseFold.fold(value);
    borders = new int[wanted.length()];
    for (int i = 1, length = 0; i < wanted.length(); i++) {
      length = extend(length, wanted.charAt(i));
      borders[i] = length;
    }
  }

  private int extend(int matched, char c) {
    int length = matched;
    while (length > 0 && (length == wanted.length() || wanted.charAt(length) != c)) {
      length = borders[length - 1];
    }
    return wanted.charAt(length) == c ? length + 1 : length;
  }

  /// Whether the value stands in a text; the empty one stands in each.
  boolean isIn(String text) {
    if (wanted.isEmpty()) {
      return true;
    }
    int matched = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      String folded = CaseFold.fold(codePoint);
      for (int j = 0; j < folded.length(); j++) {
        matched = extend(matched, folded.charAt(j));
        if (matched == wanted.length()) {
          return true;
        }
      }
    }
    return false;
  }
}
