package org.muniment.server.capture;

import java.util.List;
import org.muniment.server.config.AccountConfig;

/// Decides by its name whether a mailbox is captured.
public record FolderFilter(AccountConfig.Folders folders) {

  /// @param name as decoded for people, hierarchy included
  public boolean captures(String name) {
    return matchesAny(folders.include(), name) && !matchesAny(folders.exclude(), name);
  }

  private static boolean matchesAny(List<String> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  /// Whether `name` is of the form `pattern`, in which `*` stands for any characters. Looks at each
  /// character of the name at most once per character of the pattern.
  private static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int retry = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        retry = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
