package org.muniment.indexer.text;

import java.text.Normalizer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The collation of IMAP SEARCH, as `i;unicode-casemap` (RFC 5051): each code point in title case,
/// then decomposed (NFKD). Unlike there, what comes of the decomposition is put in title case too,
/// so that a ligature equals its letters; and combining marks are not put in order, which takes
/// quadratic time on hostile text.
public final class CaseFold {

  private static final int ASCII = 0x80;
  private static final int TABLE = 0x10000;

  /// Units of a text that are folded at a time where it need not be held whole.
  private static final int PIECE = 64 << 10;

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
    return titleCase(Normalizer.normalize(titleCase(codePoint), Normalizer.Form.NFKD));
  }

  private static String titleCase(int codePoint) {
    return Character.toString(Character.toTitleCase(codePoint));
  }

  private static String titleCase(String text) {
    StringBuilder title = new StringBuilder(text.length());
    text.codePoints().map(Character::toTitleCase).forEach(title::appendCodePoint);
    return title.toString();
  }

  /// A text to be compared with others that are folded, code point by code point.
  public static String fold(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < ASCII) {
        folded.append(c >= 'a' && c <= 'z' ? (char) (c + 'A' - 'a') : (char) c);
      } else {
        folded.append(fold(c));
      }
    }
    return folded.toString();
  }

  /// Folds a text piece by piece, in order, until one is what was wanted.
  ///
  /// @return whether one was
  static boolean anyPiece(String text, Predicate<String> wanted) {
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(from + PIECE, text.length());
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      if (wanted.test(fold(text.substring(from, to)))) {
        return true;
      }
      from = to;
    }
    return false;
  }
}
