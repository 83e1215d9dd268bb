package org.muniment.server.capture.pop3;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.muniment.archive.event.SourceText;

/// The extended response codes of `-ERR` (RFC 2449 section 8, RFC 3206).
final class Pop3Words {

  /// Those that say: not now.
  private static final Set<String> LATER = Set.of("IN-USE", "LOGIN-DELAY", "SYS/TEMP");

  private Pop3Words() {}

  /// The words of a refusal, as they came; shown with what their code means.
  ///
  /// @param words one character per octet
  static SourceText refusal(String words) {
    SourceText said = SourceText.of(words.getBytes(StandardCharsets.ISO_8859_1));
    return saysLater(words)
        ? new SourceText(said.octets(), "the server asks to come again later: " + said.display())
        : said;
  }

  /// `"[" resp-level *("/" resp-level) "]"` that asks to try later.
  static boolean saysLater(String words) {
    int end = words.indexOf(']');
    return words.startsWith("[")
        && end > 0
        && LATER.contains(words.substring(1, end).toUpperCase(Locale.ROOT));
  }
}
