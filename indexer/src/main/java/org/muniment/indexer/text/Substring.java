package org.muniment.indexer.text;

/// Looks for one value in texts, both folded (see [CaseFold]), in time linear in the text whatever
/// they hold.
final class Substring {

  /// Up to this length a value is looked for at each place; longer ones as Knuth, Morris and Pratt
  /// do, who look at no character of the text twice.
  private static final int SHORT = 64;

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
    Run run = new Run();
    return wanted.isEmpty() || CaseFold.anyPiece(text, run::ends);
  }

  /// Whether the value stands in a text that is folded already.
  boolean isInFolded(String folded) {
    if (wanted.length() <= SHORT) {
      return folded.contains(wanted);
    }
    return new Run().ends(folded);
  }

  /// How much of the value ends a text, as far as that was read.
  private final class Run {

    private int matched;

    /// Reads on.
    ///
    /// @return whether the value ends in this piece
    boolean ends(String folded) {
      for (int i = 0; i < folded.length() && matched < wanted.length(); i++) {
        matched = extend(matched, folded.charAt(i));
      }
      return matched == wanted.length();
    }
  }
}
