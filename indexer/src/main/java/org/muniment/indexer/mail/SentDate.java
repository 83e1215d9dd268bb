package org.muniment.indexer.mail;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// When a message says it was sent (RFC 5322 sections 3.3 and 4.3).
///
/// @param offsetSeconds of the sender's clock from UTC, -[#MAX_OFFSET] to [#MAX_OFFSET]
public record SentDate(Instant instant, int offsetSeconds) {

  /// Furthest that a clock is from UTC, in seconds: 18 hours, as in [ZoneOffset].
  public static final int MAX_OFFSET = 18 * 3600;

  private static final int MINUTES = 60;

  private static final int MAX_LENGTH = 256;

  /// How names of months begin: English, then German, French, Italian, Spanish, Portuguese, Dutch.
  /// Letters with accents stand in their octets of ISO-8859-1 and of UTF-8.
  private static final List<List<String>> MONTHS =
      List.of(
          List.of("jan", "j\u00E4n", "j\u00C3\u00A4n", "gen", "ene"),
          List.of("feb", "f\u00E9v", "f\u00C3\u00A9v", "fev"),
          List.of("mar", "m\u00E4r", "m\u00C3\u00A4r", "mrz", "maart", "mrt"),
          List.of("apr", "avr", "abr"),
          List.of("may", "mai", "mag", "mei", "maj"),
          List.of("jun", "juin", "giu"),
          List.of("jul", "juil", "lug"),
          List.of("aug", "ao\u00FB", "ao\u00C3", "ago"),
          List.of("sep", "set"),
          List.of("oct", "okt", "ott", "out"),
          List.of("nov"),
          List.of("dec", "dez", "d\u00E9c", "d\u00C3\u00A9c", "dic", "des"));

  /// Tuesday in French, Italian and Spanish, and March.
  private static final String MARCH = "mar";

  /// Names of zones, in hours; a military letter says nothing that can be trusted.
  private static final Map<String, Integer> ZONES =
      Map.ofEntries(
          Map.entry("edt", -4),
          Map.entry("est", -5),
          Map.entry("cdt", -5),
          Map.entry("cst", -6),
          Map.entry("mdt", -6),
          Map.entry("mst", -7),
          Map.entry("pdt", -7),
          Map.entry("pst", -8),
          Map.entry("bst", 1),
          Map.entry("cet", 1),
          Map.entry("met", 1),
          Map.entry("cest", 2),
          Map.entry("mest", 2),
          Map.entry("eet", 2),
          Map.entry("eest", 3),
          Map.entry("msk", 3),
          Map.entry("jst", 9));

  /// Reads a date leniently: words in any order, comments, two-digit years, obsolete zones, no
  /// seconds, no zone or one that no clock has (then UTC), names of months in the commonest
  /// languages of the West, `22.11.2026`. Empty when it cannot be understood.
  ///
  /// @param raw value of a field, each octet one ISO-8859-1 character
  public static Optional<SentDate> parse(String raw) {
    if (raw.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Words().read(raw).date());
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The words of a date as they are met.
  private static final class Words {
    private int day;
    private int month;
    private int year = -1;
    private int hour = -1;
    private int minute;
    private int second;
    private int offset;
    private boolean weekdayAsMonth;

    Words read(String raw) {
      HeaderCursor cursor = new HeaderCursor(raw);
      while (!cursor.atEnd()) {
        cursor.skipCfws();
        char c = cursor.peek();
        if (Character.isDigit(c)) {
          number(cursor);
        } else if (isLetter(c)) {
          word(letters(cursor));
        } else if ((c == '+' || c == '-') && hour >= 0) {
          zone(cursor);
        } else if (!cursor.atEnd()) {
          cursor.read();
        }
      }
      return this;
    }

    private static boolean isLetter(char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xA0 && c <= 0xFF);
    }

    private static String letters(HeaderCursor cursor) {
      StringBuilder letters = new StringBuilder();
      while (isLetter(cursor.peek())) {
        letters.append(cursor.read());
      }
      return lower(letters);
    }

    /// ASCII in lower case; what is beyond it may be half of a letter.
    private static String lower(StringBuilder letters) {
      StringBuilder lower = new StringBuilder(letters.length());
      letters.chars().forEach(c -> lower.append((char) (c <= 'Z' && c >= 'A' ? c + 32 : c)));
      return lower.toString();
    }

    private static String digits(HeaderCursor cursor) {
      StringBuilder digits = new StringBuilder();
      while (cursor.peek() >= '0' && cursor.peek() <= '9') {
        digits.append(cursor.read());
      }
      return digits.toString();
    }

    private void number(HeaderCursor cursor) {
      String digits = digits(cursor);
      int value = Integer.parseInt(digits);
      if (digits.length() == 4 && (cursor.peek() == '-' || cursor.peek() == '/') && year < 0) {
        isoDate(cursor, value);
        return;
      }
      if (digits.length() <= 2 && cursor.peek() == '.' && day == 0 && month == 0) {
        dottedDate(cursor, value);
        return;
      }
      cursor.skipCfws();
      if (cursor.peek() == ':' && hour < 0) {
        hour = value;
        time(cursor);
      } else if (digits.length() <= 2 && day == 0) {
        day = value;
      } else if (year < 0) {
        year = year(digits, value);
      }
    }

    // time-of-day = hour ":" minute [ ":" second ]
    private void time(HeaderCursor cursor) {
      cursor.skip(':');
      cursor.skipCfws();
      minute = Integer.parseInt(digits(cursor));
      cursor.skipCfws();
      if (cursor.skip(':')) {
        cursor.skipCfws();
        second = Math.min(59, Integer.parseInt(digits(cursor)));
      }
      if (cursor.skip('.')) {
        digits(cursor);
      }
    }

    // full-date = date-fullyear "-" date-month "-" date-mday ; RFC 3339
    private void isoDate(HeaderCursor cursor, int fullYear) {
      year = fullYear;
      char separator = cursor.read();
      month = Integer.parseInt(digits(cursor));
      cursor.skip(separator);
      day = Integer.parseInt(digits(cursor));
    }

    // day "." [ month "." year ]
    private void dottedDate(HeaderCursor cursor, int dayOfMonth) {
      day = dayOfMonth;
      cursor.skip('.');
      String digits = digits(cursor);
      if (!digits.isEmpty() && cursor.skip('.')) {
        month = Integer.parseInt(digits);
        String last = digits(cursor);
        year = year(last, Integer.parseInt(last));
      }
    }

    private static int year(String digits, int value) {
      return switch (digits.length()) {
        case 2 -> value < 50 ? 2000 + value : 1900 + value;
        case 3 -> 1900 + value;
        case 4 -> value;
        default -> throw new IllegalArgumentException("year " + digits);
      };
    }

    private void word(String word) {
      int named = month(word);
      if (named > 0 && (month == 0 || weekdayAsMonth)) {
        month = named;
        weekdayAsMonth = day == 0 && word.startsWith(MARCH);
      } else if (ZONES.containsKey(word) && hour >= 0 && offset == 0) {
        offset = ZONES.getOrDefault(word, 0) * 3600;
      } else if (word.equals("pm") && hour >= 0 && hour < 12) {
        hour += 12;
      } else if (word.equals("am") && hour == 12) {
        hour = 0;
      }
    }

    private static int month(String word) {
      int named = 0;
      for (int i = 0; i < MONTHS.size() && named == 0; i++) {
        named = MONTHS.get(i).stream().anyMatch(word::startsWith) ? i + 1 : 0;
      }
      return named;
    }

    // zone = ( "+" / "-" ) 4DIGIT
    private void zone(HeaderCursor cursor) {
      int sign = cursor.read() == '-' ? -1 : 1;
      String digits = digits(cursor);
      if (cursor.skip(':')) {
        digits += digits(cursor);
      }
      if (digits.length() <= 2 && !digits.isEmpty()) {
        digits += "00";
      }
      if (digits.length() == 3 || digits.length() == 4) {
        int value = Integer.parseInt(digits);
        int seconds = value / 100 * 3600 + value % 100 * 60;
        offset = value % 100 < MINUTES && seconds <= MAX_OFFSET ? sign * seconds : 0;
      }
    }

    SentDate date() {
      if (year < 0) {
        throw new IllegalArgumentException("no year");
      }
      LocalDateTime local = LocalDateTime.of(year, month, day, Math.max(0, hour), minute, second);
      return new SentDate(local.toInstant(ZoneOffset.UTC).minusSeconds(offset), offset);
    }
  }
}
