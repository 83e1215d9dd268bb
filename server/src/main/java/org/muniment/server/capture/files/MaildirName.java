package org.muniment.server.capture.files;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// The name of a message in a Maildir: `unique` or `unique:2,flags`.
///
/// @param unique what stays while flags change
/// @param letters the flags, `""` for none
record MaildirName(String unique, String letters) {

  /// What stands before `2,`; file systems without a colon have another.
  private static final String INFO = ":;!";

  private static final Map<Character, String> FLAGS =
      Map.of(
          'D', "\\Draft",
          'F', "\\Flagged",
          'P', "$Forwarded",
          'R', "\\Answered",
          'S', "\\Seen",
          'T', "\\Deleted");

  /// @param name octets of the file's name
  static MaildirName of(String name) {
    int info = name.lastIndexOf("2,");
    boolean has = info > 0 && INFO.indexOf(name.charAt(info - 1)) >= 0;
    return has
        ? new MaildirName(name.substring(0, info - 1), name.substring(info + 2))
        : new MaildirName(name, "");
  }

  /// The flags; a letter that means nothing is passed over.
  ///
  /// @param keywords what the letters from `a` on stand for, null for nothing
  Set<SourceText> flags(List<@Nullable String> keywords) {
    Set<SourceText> flags = new HashSet<>();
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      int keyword = letter - 'a';
      String flag =
          keyword >= 0 && keyword < keywords.size() ? keywords.get(keyword) : FLAGS.get(letter);
      if (flag != null) {
        flags.add(SourceText.of(flag));
      }
    }
    return flags;
  }
}
