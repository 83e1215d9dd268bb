package org.muniment.indexer.text;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// The collation of IMAP SEARCH, as `i;unicode-casemap` (RFC 5051): each code point in title case,
/// then decomposed (NFKD). Unlike there, combining marks are not put in order: that takes quadratic
/// time on hostile text, and a search value in the same order as the text is found all the same.
final class CaseFold {

  private static final int TABLE = 0x10000;

  /// Foldings of the basic plane as they are met; a race only computes one twice.
  private static final @Nullable String[] FOLDED = new String[TABLE];

  private CaseFold() {}

  static String fold(int codePoint) {
    return codePoint < TABLE ? table(codePoint) : compute(codePoint);
  }

  private static String table(int codePoint) {
    String folded = FOLDED[codePoint];
    if (folded == null) {
      folded = compute(codePoint);
      FOLDED[codePoint] = folded;
    }
    return folded;
  }

  private static String compute(int codePoint) {
    String title = Character.toString(Character.toTitleCase(codePoint));
    return Normalizer.normalize(title, Normalizer.Form.NFKD);
  }

  static String fold(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    text.codePoints().forEach(c -> folded.append(fold(c)));
    return folded.toString();
  }
}
