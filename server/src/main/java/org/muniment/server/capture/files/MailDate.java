package org.muniment.server.capture.files;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The moments that mail files tell: in From_ lines as asctime(3) writes them, in fields as RFC
/// 5322 section 3.3 does.
final class MailDate {

  private static final int LONGEST = 1_024;

  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  /// Named zones of RFC 5322 section 4.3 and the usual ones of Europe, in hours east.
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
          Map.entry("mez", 1),
          Map.entry("cest", 2),
          Map.entry("mest", 2),
          Map.entry("mesz", 2),
          Map.entry("eet", 2),
          Map.entry("eest", 3),
          Map.entry("msk", 3),
          Map.entry("jst", 9));

  private final List<String> words;

  private MailDate(String text) {
    words = words(text);
  }

  /// The date that ends a From_ line: `Www Mmm dd hh:mm[:ss] yyyy`, with a zone before or after the
  /// year, or without one, which is UTC. Null when there is none.
  ///
  /// @param text one character per octet
  static @Nullable Instant ofFromLine(String text) {
    return text.length() > LONGEST ? null : new MailDate(text).asctime();
  }

  /// The date of a field: `[Www,] dd Mmm yyyy hh:mm[:ss] zone`; without a zone that is known, UTC.
  /// Null when there is none.
  static @Nullable Instant ofField(@Nullable String text) {
    return text == null || text.length() > LONGEST ? null : new MailDate(text).dateTime();
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) <= ' ' || text.charAt(i) == ',') {
        if (i > begin) {
          words.add(text.substring(begin, i).toLowerCase(Locale.ROOT));
        }
        begin = i + 1;
      }
    }
    return words;
  }

  private String word(int at) {
    return at >= 0 && at < words.size() ? words.get(at) : "";
  }

  // asctime = day-name month day time [zone] year [zone]
  private @Nullable Instant asctime() {
    for (int time = words.size() - 1; time >= 3; time--) {
      if (DAYS.contains(word(time - 3)) && MONTHS.contains(word(time - 2))) {
        for (int year = time + 1; year <= time + 3; year++) {
          if (isNumber(word(year), 4, 4)) {
            String zone = year > time + 1 ? word(time + 1) : word(year + 1);
            return instant(word(year), word(time - 2), word(time - 1), word(time), zone);
          }
        }
      }
    }
    return null;
  }

  // date-time = [day-name ","] day month year time zone
  private @Nullable Instant dateTime() {
    for (int month = 1; month < words.size(); month++) {
      if (MONTHS.contains(start(word(month))) && isNumber(word(month - 1), 1, 2)) {
        return instant(
            word(month + 1), word(month), word(month - 1), word(month + 2), word(month + 3));
      }
    }
    return null;
  }

  private static String start(String word) {
    return word.length() > 3 ? word.substring(0, 3) : word;
  }

  private static @Nullable Instant instant(
      String year, String month, String day, String time, String zone) {
    int[] clock = clock(time);
    if (clock == null || !isNumber(year, 2, 4) || !isNumber(day, 1, 2)) {
      return null;
    }
    try {
      return LocalDateTime.of(
              year(year),
              MONTHS.indexOf(start(month)) + 1,
              Integer.parseInt(day),
              clock[0],
              clock[1],
              Math.min(59, clock[2]))
          .toInstant(ZoneOffset.ofTotalSeconds(seconds(zone)));
    } catch (DateTimeException e) {
      return null;
    }
  }

  /// Years of two and three digits as RFC 5322 section 4.3 has them.
  private static int year(String digits) {
    int year = Integer.parseInt(digits);
    return switch (digits.length()) {
      case 2 -> year < 50 ? 2000 + year : 1900 + year;
      case 3 -> 1900 + year;
      default -> year;
    };
  }

  /// Hours, minutes, seconds; null when it is no time of day.
  private static int @Nullable [] clock(String time) {
    String[] parts = time.split(":", -1);
    if (parts.length < 2 || parts.length > 3) {
      return null;
    }
    int[] clock = new int[3];
    for (int i = 0; i < parts.length; i++) {
      if (!isNumber(parts[i], 1, 2)) {
        return null;
      }
      clock[i] = Integer.parseInt(parts[i]);
    }
    return clock;
  }

  private static int seconds(String zone) {
    boolean signed = zone.startsWith("+") || zone.startsWith("-");
    if (signed && isNumber(zone.substring(1), 4, 4)) {
      int value = Integer.parseInt(zone.substring(1));
      int seconds = value / 100 * 3600 + value % 100 * 60;
      int known = value % 100 < 60 && seconds <= 18 * 3600 ? seconds : 0;
      return zone.startsWith("-") ? -known : known;
    }
    return ZONES.getOrDefault(zone, 0) * 3600;
  }

  private static boolean isNumber(String word, int least, int most) {
    return word.length() >= least
        && word.length() <= most
        && word.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
