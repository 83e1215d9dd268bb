package org.muniment.indexer.search;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// The fields of the query language and the grammar of their values.
///
/// ```
/// size = 1*15DIGIT [ "B" / "K" / "KB" / "M" / "MB" / "G" / "GB" ]  ; powers of 1,024, any case
/// date = 4DIGIT [ "-" 2DIGIT [ "-" 2DIGIT ] ]                       ; UTC
/// age  = 1*5DIGIT ( "h" / "d" / "w" / "m" / "y" )                   ; a month has 30 days
/// ```
///
/// `before:` is before the first moment of the date, `after:` is that moment or later, `on:` is the
/// year, month or day that the date names.
final class FieldValue {

  private static final List<String> KNOWN =
      List.of(
          "from",
          "to",
          "cc",
          "bcc",
          "recipient",
          "sender",
          "subject",
          "body",
          "filename",
          "type",
          "list",
          "account",
          "in",
          "id",
          "flag",
          "has",
          "status",
          "larger",
          "smaller",
          "after",
          "before",
          "on",
          "older",
          "newer");

  private static final List<String> SYSTEM_FLAGS =
      List.of("answered", "flagged", "deleted", "seen", "draft");

  private static final String A_SIZE = "a size such as 500, 20KB or 5MB";
  private static final String A_DATE = "a date such as 2024, 2024-03 or 2024-03-05";
  private static final String AN_AGE = "an age such as 12h, 30d, 2w, 6m or 1y";

  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_AGE_DIGITS = 5;

  private final String text;
  private final int column;
  private int at;

  private FieldValue(String text, int column) {
    this.text = text;
    this.column = column;
  }

  /// @param field as written, `""` for none
  /// @param fieldColumn 1-based column where the field begins
  /// @param column 1-based column where the value begins
  static Query of(String field, int fieldColumn, QueryParser.Value value, int column)
      throws QuerySyntaxException {
    String name = field.toLowerCase(Locale.ROOT);
    Query.Field words = words(name);
    if (words != null) {
      return new Query.Words(words, value.text(), value.prefix());
    }
    if (!KNOWN.contains(name)) {
      throw new QuerySyntaxException(
          fieldColumn, "one of the fields " + String.join(": ", KNOWN) + ": (or quotes)");
    }
    if (value.prefix()) {
      throw new QuerySyntaxException(
          column + value.text().length(), "no * in the value of " + name + ":");
    }
    return new FieldValue(value.text(), value.quoted() ? column + 1 : column).read(name);
  }

  private static Query.@org.jspecify.annotations.Nullable Field words(String name) {
    return switch (name) {
      case "" -> Query.Field.ANY;
      case "from" -> Query.Field.FROM;
      case "to" -> Query.Field.TO;
      case "cc" -> Query.Field.CC;
      case "bcc" -> Query.Field.BCC;
      case "recipient" -> Query.Field.RECIPIENT;
      case "sender" -> Query.Field.SENDER;
      case "subject" -> Query.Field.SUBJECT;
      case "body" -> Query.Field.BODY;
      case "filename" -> Query.Field.FILENAME;
      case "list" -> Query.Field.LIST;
      default -> null;
    };
  }

  private Query read(String name) throws QuerySyntaxException {
    return switch (name) {
      case "type" -> new Query.Type(text);
      case "account" -> new Query.InAccount(text);
      case "in" -> new Query.InMailbox(text);
      case "id" -> new Query.Id(text);
      case "flag" -> new Query.Flagged(flag());
      case "has" -> has();
      case "status" -> new Query.Status(text);
      case "larger" -> new Query.Size(size() + 1, Long.MAX_VALUE);
      case "smaller" -> new Query.Size(0, size() - 1);
      case "after" -> new Query.Received(date().from, Instant.MAX);
      case "before" -> new Query.Received(Instant.MIN, date().from);
      case "on" -> on();
      case "older" -> new Query.Older(age());
      case "newer" -> new Query.Newer(age());
      default -> throw new IllegalStateException(name);
    };
  }

  private String flag() {
    String lower = text.toLowerCase(Locale.ROOT);
    return SYSTEM_FLAGS.contains(lower) ? "\\" + lower : lower;
  }

  private Query has() throws QuerySyntaxException {
    if (!text.equalsIgnoreCase("attachment")) {
      throw expected("attachment");
    }
    return new Query.HasAttachment();
  }

  private Query on() throws QuerySyntaxException {
    Period date = date();
    return new Query.Received(date.from, date.to);
  }

  // size = 1*15DIGIT [ "B" / "K" / "KB" / "M" / "MB" / "G" / "GB" ]
  private long size() throws QuerySyntaxException {
    long number = number(MAX_SIZE_DIGITS, A_SIZE);
    int shift =
        switch (text.substring(at).toUpperCase(Locale.ROOT)) {
          case "", "B" -> 0;
          case "K", "KB" -> 10;
          case "M", "MB" -> 20;
          case "G", "GB" -> 30;
          default -> throw expected(A_SIZE);
        };
    if (number > Long.MAX_VALUE >> (shift + 1)) {
      throw expected("a smaller size");
    }
    return number << shift;
  }

  // age = 1*5DIGIT ( "h" / "d" / "w" / "m" / "y" )
  private Duration age() throws QuerySyntaxException {
    long number = number(MAX_AGE_DIGITS, AN_AGE);
    return switch (text.substring(at).toLowerCase(Locale.ROOT)) {
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      case "w" -> Duration.ofDays(7 * number);
      case "m" -> Duration.ofDays(30 * number);
      case "y" -> Duration.ofDays(365 * number);
      default -> throw expected(AN_AGE);
    };
  }

  private record Period(Instant from, Instant to) {
    static Period of(LocalDate from, LocalDate to) {
      return new Period(
          from.atStartOfDay(ZoneOffset.UTC).toInstant(),
          to.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
  }

  // date = 4DIGIT [ "-" 2DIGIT [ "-" 2DIGIT ] ]
  private Period date() throws QuerySyntaxException {
    int year = digits(4);
    try {
      if (at == text.length()) {
        LocalDate from = LocalDate.of(year, 1, 1);
        return Period.of(from, from.plusYears(1));
      }
      int month = afterDash();
      if (at == text.length()) {
        LocalDate from = LocalDate.of(year, month, 1);
        return Period.of(from, from.plusMonths(1));
      }
      LocalDate from = LocalDate.of(year, month, afterDash());
      if (at < text.length()) {
        throw expected(A_DATE);
      }
      return Period.of(from, from.plusDays(1));
    } catch (DateTimeException e) {
      at = 0;
      throw expected(A_DATE);
    }
  }

  private int afterDash() throws QuerySyntaxException {
    if (text.charAt(at) != '-') {
      throw expected(A_DATE);
    }
    at++;
    return digits(2);
  }

  private int digits(int count) throws QuerySyntaxException {
    int value = 0;
    for (int end = at + count; at < end; at++) {
      if (at >= text.length() || !isDigit(text.charAt(at))) {
        throw expected(A_DATE);
      }
      value = 10 * value + text.charAt(at) - '0';
    }
    return value;
  }

  private long number(int most, String what) throws QuerySyntaxException {
    long value = 0;
    while (at < text.length() && isDigit(text.charAt(at))) {
      if (at == most) {
        throw expected(what);
      }
      value = 10 * value + text.charAt(at++) - '0';
    }
    if (at == 0) {
      throw expected(what);
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private QuerySyntaxException expected(String what) {
    return new QuerySyntaxException(column + at, what);
  }
}
