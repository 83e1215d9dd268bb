package org.muniment.server.capture.source;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// What a server means by a refusal: that it will not, or that it will not now. There is no one way
/// to say the second: it is said by response codes (RFC 5530 section 3, RFC 2449 section 8, RFC
/// 3206, and codes of single providers), and by sentences.
///
/// ```
/// refusal = ["[" code [SP ...] "]" SP] text [SP "[" code "]"]
/// ```
public final class ServerWords {

  /// Codes that say "later" whatever was asked. LIMIT is what Yahoo says of its rates, OVERQUOTA
  /// and THROTTLED what Gmail says of its bandwidth; LOGIN-DELAY is RFC 2449's.
  private static final Set<String> LATER = Set.of("LIMIT", "OVERQUOTA", "THROTTLED", "LOGIN-DELAY");

  /// Codes that say so of the account when they come before or at sign-in or with BYE. At a command
  /// about one mailbox or message they may be about that alone, for ever.
  private static final Set<String> LATER_OF_ALL =
      Set.of("UNAVAILABLE", "INUSE", "IN-USE", "SYS/TEMP");

  /// Codes beside which a sentence means what it says. Beside any other, such as NONEXISTENT, the
  /// text may repeat the name of a mailbox.
  private static final Set<String> BLANK = Set.of("", "ALERT", "UNAVAILABLE", "SYS/TEMP");

  /// Sentences, in lower case. The first two are Exchange's, the next two Gmail's, the fifth
  /// Dovecot's.
  private static final List<String> SENTENCES =
      List.of(
          "request is throttled",
          "user is authenticated but not connected",
          "account exceeded command or bandwidth limits",
          "too many simultaneous connections",
          "maximum number of connections",
          "too many connections",
          "server unavailable.",
          "rate limit");

  private static final String SUGGESTION = "suggested backoff time:";
  private static final int MAX_DIGITS = 12;

  private ServerWords() {}

  /// A refusal of a command about a mailbox or a message.
  public static SourceException ofCommand(SourceText words, @Nullable Throwable cause) {
    return isLater(words.octets(), false)
        ? SourceException.later(words, suggested(words.octets()), cause)
        : SourceException.refused(words, cause);
  }

  /// A refusal of the user and the secret, unless the server says that it is only for now.
  public static SourceException ofSignIn(SourceText words, @Nullable Throwable cause) {
    return isLater(words.octets(), true)
        ? SourceException.later(words, suggested(words.octets()), cause)
        : SourceException.denied(words, cause);
  }

  /// The end of the connection.
  public static SourceException ofEnd(SourceText words, @Nullable Throwable cause) {
    return isLater(words.octets(), true)
        ? SourceException.later(words, suggested(words.octets()), cause)
        : SourceException.lost(words, cause);
  }

  /// A refusal of a command about the account as a whole.
  public static SourceException ofAll(SourceText words, @Nullable Throwable cause) {
    return isLater(words.octets(), true)
        ? SourceException.later(words, suggested(words.octets()), cause)
        : SourceException.refused(words, cause);
  }

  /// @param words one character per octet
  static boolean isLater(String words, boolean ofAll) {
    String code = code(words);
    if (LATER.contains(code) || (ofAll && LATER_OF_ALL.contains(code))) {
      return true;
    }
    String text = words.toLowerCase(Locale.ROOT);
    return BLANK.contains(code)
        && (LATER.contains(lastCode(words)) || SENTENCES.stream().anyMatch(text::contains));
  }

  /// The first word between brackets at the beginning, `""` for none.
  private static String code(String words) {
    int end = words.indexOf(']');
    return words.startsWith("[") && end > 0 ? atom(words.substring(1, end)) : "";
  }

  /// Gmail puts its codes at the end.
  private static String lastCode(String words) {
    String text = words.stripTrailing();
    int begin = text.lastIndexOf('[');
    return text.endsWith("]") ? atom(text.substring(begin + 1, text.length() - 1)) : "";
  }

  private static String atom(String text) {
    int space = text.indexOf(' ');
    return (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
  }

  /// `"Suggested Backoff Time: " number " milliseconds"`, as Exchange says it; null for none.
  static @Nullable Duration suggested(String words) {
    int begin = words.toLowerCase(Locale.ROOT).indexOf(SUGGESTION);
    if (begin < 0) {
      return null;
    }
    String rest = words.substring(begin + SUGGESTION.length()).stripLeading();
    int digits = 0;
    while (digits < rest.length() && rest.charAt(digits) >= '0' && rest.charAt(digits) <= '9') {
      digits++;
    }
    return digits == 0 || digits > MAX_DIGITS
        ? null
        : Duration.ofMillis(Long.parseLong(rest.substring(0, digits)));
  }
}
