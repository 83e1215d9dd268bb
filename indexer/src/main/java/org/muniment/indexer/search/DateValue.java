package org.muniment.indexer.search;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a date as people write it. Between words stands a space, or `-` for one who does not want
/// to write quotes.
///
/// ```
/// range    = period / [ period ] ".." [ period ]         ; one of the two at least
/// period   = date / relative
/// date     = 4DIGIT [ "-" 2DIGIT [ "-" 2DIGIT ] ]
/// relative = "today" / "yesterday" / ( "this" / "last" ) gap unit
///          / "last" gap 1*4DIGIT gap unit [ "s" ]
/// unit     = "day" / "week" / "month" / "quarter" / "year"
/// gap      = 1*SP / "-"
/// ```
final class DateValue {

  static final String A_DATE =
      "a date such as 2024, 2024-03, 2024-03-05, today, yesterday, \"last month\" or \"last 7 days\"";

  private static final int MAX_COUNT_DIGITS = 4;

  private final String text;
  private final int column;
  private int at;

  private DateValue(String text, int column) {
    this.text = text;
    this.column = column;
  }

  /// @param from null for any
  /// @param to null for any
  record Range(@Nullable Period from, @Nullable Period to) {}

  // period
  static Period period(String text, int column) throws QuerySyntaxException {
    DateValue value = new DateValue(text, column);
    Period period = value.period();
    value.end("the end of the date");
    return period;
  }

  // range = period / [ period ] ".." [ period ]
  static Range range(String text, int column) throws QuerySyntaxException {
    DateValue value = new DateValue(text, column);
    if (value.skip("..")) {
      Period to = value.period();
      value.end("the end of the date");
      return new Range(null, to);
    }
    Period from = value.period();
    if (value.atEnd()) {
      return new Range(from, from);
    }
    if (!value.skip("..")) {
      throw value.expected("the end of the date, or .. and another");
    }
    if (value.atEnd()) {
      return new Range(from, null);
    }
    Period to = value.period();
    value.end("the end of the date");
    return new Range(from, to);
  }

  // period = date / relative
  private Period period() throws QuerySyntaxException {
    if (!atEnd() && isDigit()) {
      return date();
    }
    int start = at;
    Optional<Period> relative = relative(word());
    if (relative.isEmpty()) {
      at = start;
      throw expected(A_DATE);
    }
    return relative.get();
  }

  private Optional<Period> relative(String word) throws QuerySyntaxException {
    return switch (word) {
      case "today" -> Optional.of(new Period.Calendar(0, Period.Unit.DAY));
      case "yesterday" -> Optional.of(new Period.Calendar(1, Period.Unit.DAY));
      case "this" -> Optional.of(current());
      case "last" -> Optional.of(last());
      default -> Optional.empty();
    };
  }

  // "this" gap unit
  private Period current() throws QuerySyntaxException {
    gap();
    return new Period.Calendar(0, unit(false));
  }

  // "last" gap unit / "last" gap 1*4DIGIT gap unit [ "s" ]
  private Period last() throws QuerySyntaxException {
    gap();
    if (atEnd() || !isDigit()) {
      return new Period.Calendar(1, unit(false));
    }
    int start = at;
    int count = 0;
    for (; !atEnd() && isDigit(); at++) {
      if (at - start == MAX_COUNT_DIGITS) {
        throw expected("a smaller number");
      }
      count = 10 * count + text.charAt(at) - '0';
    }
    if (count == 0) {
      at = start;
      throw expected("a number above 0");
    }
    gap();
    return new Period.Last(count, unit(true));
  }

  // unit [ "s" ]
  private Period.Unit unit(boolean plural) throws QuerySyntaxException {
    int start = at;
    String word = word();
    boolean many = plural && word.endsWith("s");
    return switch (many ? word.substring(0, word.length() - 1) : word) {
      case "day" -> Period.Unit.DAY;
      case "week" -> Period.Unit.WEEK;
      case "month" -> Period.Unit.MONTH;
      case "quarter" -> Period.Unit.QUARTER;
      case "year" -> Period.Unit.YEAR;
      default -> {
        at = start;
        throw expected("day, week, month, quarter or year");
      }
    };
  }

  // gap = 1*SP / "-"
  private void gap() {
    if (!skip("-")) {
      while (!atEnd() && text.charAt(at) == ' ') {
        at++;
      }
    }
  }

  private String word() {
    int start = at;
    while (!atEnd() && isLetter()) {
      at++;
    }
    return text.substring(start, at).toLowerCase(Locale.ROOT);
  }

  // date = 4DIGIT [ "-" 2DIGIT [ "-" 2DIGIT ] ]
  private Period date() throws QuerySyntaxException {
    int start = at;
    int year = digits(4);
    try {
      if (!skip("-")) {
        LocalDate from = LocalDate.of(year, 1, 1);
        return new Period.Days(from, from.plusYears(1));
      }
      int month = digits(2);
      if (!skip("-")) {
        LocalDate from = LocalDate.of(year, month, 1);
        return new Period.Days(from, from.plusMonths(1));
      }
      LocalDate from = LocalDate.of(year, month, digits(2));
      return new Period.Days(from, from.plusDays(1));
    } catch (DateTimeException e) {
      at = start;
      throw expected("a date that the calendar has");
    }
  }

  private int digits(int count) throws QuerySyntaxException {
    int value = 0;
    for (int end = at + count; at < end; at++) {
      if (atEnd() || !isDigit()) {
        throw expected(A_DATE);
      }
      value = 10 * value + text.charAt(at) - '0';
    }
    return value;
  }

  private boolean skip(String what) {
    boolean there = text.startsWith(what, at);
    at += there ? what.length() : 0;
    return there;
  }

  private boolean atEnd() {
    return at >= text.length();
  }

  private boolean isLetter() {
    char lower = (char) (text.charAt(at) | 0x20);
    return lower >= 'a' && lower <= 'z';
  }

  private boolean isDigit() {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private void end(String what) throws QuerySyntaxException {
    if (!atEnd()) {
      throw expected(what);
    }
  }

  private QuerySyntaxException expected(String what) {
    return new QuerySyntaxException(column + at, what);
  }
}
