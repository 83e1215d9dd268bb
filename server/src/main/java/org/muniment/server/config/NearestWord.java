package org.muniment.server.config;

import java.util.Collection;
import java.util.Comparator;

/// Finds the word that a mistyped one was meant to be.
final class NearestWord {

  private NearestWord() {}

  /// The word of `words` that is fewest edits away from `word`; one that is part of the other
  /// counts as one edit away.
  ///
  /// @param words at least one
  static String to(String word, Collection<String> words) {
    return words.stream()
        .min(
            Comparator.comparingInt((String known) -> distance(word, known))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  private static int distance(String a, String b) {
    return a.contains(b) || b.contains(a) ? Math.min(1, edits(a, b)) : edits(a, b);
  }

  /// Insertions, removals and replacements of characters that make `b` of `a` (Levenshtein).
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (same(a.charAt(i - 1), b.charAt(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static boolean same(char a, char b) {
    return Character.toLowerCase(a) == Character.toLowerCase(b);
  }
}
