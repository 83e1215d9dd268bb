package org.muniment.server.capture;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.Source;
import org.muniment.server.config.AccountConfig;

/// Decides whether a mailbox is captured, and whether it is a journal mailbox, by its name and its
/// special use (RFC 6154).
public record FolderFilter(AccountConfig.Folders folders) {

  /// The rule that leaves a mailbox out; empty for one that is captured.
  public Optional<String> excludes(Source.Mailbox mailbox) {
    if (first(folders.include(), mailbox.name(), mailbox.attributes()).isEmpty()) {
      return Optional.of("not included");
    }
    return first(folders.exclude(), mailbox.name(), mailbox.attributes())
        .map(pattern -> "exclude: " + pattern);
  }

  /// Whether journal reports come to a mailbox.
  boolean isJournal(SourceProgress.KnownMailbox mailbox) {
    return first(folders.journal(), mailbox.name(), mailbox.attributes()).isPresent();
  }

  private static Optional<String> first(
      List<String> patterns, SourceText name, Set<String> attributes) {
    return patterns.stream()
        .filter(
            pattern ->
                pattern.startsWith("\\")
                    ? attributes.stream().anyMatch(pattern::equalsIgnoreCase)
                    : matches(pattern, name.display()))
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
