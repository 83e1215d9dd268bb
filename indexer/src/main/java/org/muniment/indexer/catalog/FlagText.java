package org.muniment.indexer.catalog;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.muniment.archive.event.SourceText;

/// A set of flags in one column.
///
/// ```
/// flags = SP *( flag SP )
/// flag  = 1*( %x21-24 / %x26-FF / "%20" / "%25" )   ; octets as ISO-8859-1, sorted
/// ```
///
/// With a space on both sides of each flag, one flag is found by `LIKE`.
final class FlagText {

  private static final String SEEN = "\\seen";

  /// Distinct sets that are remembered while reading; rows share them.
  private static final int MAX_REMEMBERED = 1_000;

  private final Map<String, Set<SourceText>> remembered = new HashMap<>();

  static String write(Set<SourceText> flags) {
    TreeSet<String> sorted = new TreeSet<>();
    flags.forEach(flag -> sorted.add(escape(flag.octets())));
    return sorted.isEmpty() ? " " : " " + String.join(" ", sorted) + " ";
  }

  Set<SourceText> read(String text) {
    Set<SourceText> known = remembered.get(text);
    if (known != null) {
      return known;
    }
    Set<SourceText> flags = new HashSet<>();
    for (String flag : text.strip().split(" ", -1)) {
      if (!flag.isEmpty()) {
        String octets = flag.replace("%20", " ").replace("%25", "%");
        flags.add(SourceText.of(octets.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    Set<SourceText> read = Set.copyOf(flags);
    if (remembered.size() < MAX_REMEMBERED) {
      remembered.put(text, read);
    }
    return read;
  }

  static boolean seen(Set<SourceText> flags) {
    return flags.stream().anyMatch(flag -> flag.octets().toLowerCase(Locale.ROOT).equals(SEEN));
  }

  /// A pattern for `lower(flags) LIKE ? ESCAPE '!'`.
  static String pattern(String flag) {
    String escaped = escape(flag.toLowerCase(Locale.ROOT));
    return "% " + escaped.replace("!", "!!").replace("%", "!%").replace("_", "!_") + " %";
  }

  private static String escape(String octets) {
    return octets.replace("%", "%25").replace(" ", "%20");
  }
}
