package org.muniment.server.capture.files;

import java.util.Set;
import org.muniment.archive.event.SourceText;

/// Keywords of messages (RFC 9051 section 2.3.2) as files write them. One that IMAP could not send
/// is none.
final class Keywords {

  private static final int MOST = 100;
  private static final int LONGEST = 255;

  /// What an atom has none of (RFC 9051 section 9), but for CTL and SP.
  private static final String SPECIALS = "(){%*\"\\]";

  private Keywords() {}

  /// Adds the words of a list that white space or commas separate.
  static void addAll(Set<SourceText> flags, String list) {
    int added = 0;
    int begin = 0;
    for (int i = 0; i <= list.length() && added < MOST; i++) {
      if (i == list.length() || list.charAt(i) <= ' ' || list.charAt(i) == ',') {
        String word = list.substring(begin, i);
        if (isKeyword(word)) {
          flags.add(SourceText.of(word));
          added++;
        }
        begin = i + 1;
      }
    }
  }

  // keyword = atom
  static boolean isKeyword(String word) {
    return !word.isEmpty()
        && word.length() <= LONGEST
        && word.chars().allMatch(c -> c > ' ' && c < 0x7F && SPECIALS.indexOf(c) < 0);
  }
}
