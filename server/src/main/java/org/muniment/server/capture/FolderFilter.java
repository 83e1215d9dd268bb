package org.muniment.server.capture;

import java.util.List;
import java.util.Optional;
import org.muniment.server.capture.source.Source;
import org.muniment.server.config.AccountConfig;

/// Decides whether a mailbox is captured, by its name and its special use (RFC 6154).
public record FolderFilter(AccountConfig.Folders folders) {

  /// The rule that leaves a mailbox out; empty for one that is captured.
  public Optional<String> excludes(Source.Mailbox mailbox) {
    if (first(folders.include(), mailbox).isEmpty()) {
      return Optional.of("not included");
    }
    return first(folders.exclude(), mailbox).map(pattern -> "exclude: " + pattern);
  }

  private static Optional<String> first(List<String> patterns, Source.Mailbox mailbox) {
    return patterns.stream()
        .filter(
            pattern ->
                pattern.startsWith("\\")
                    ? mailbox.isFor(pattern)
                    : matches(pattern, mailbox.name().display()))
        .findFirst();
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
