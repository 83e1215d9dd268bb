package org.muniment.indexer.search;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The fields of the query language and the grammar of their values.
///
/// ```
/// size = number [ "B" / "K" / "KB" / "M" / "MB" / "G" / "GB" ]  ; powers of 1,024, any case
/// number = 1*12DIGIT [ "." 1*3DIGIT ]
/// age  = 1*5DIGIT ( "h" / "d" / "w" / "m" / "y" )                ; a month has 30 days
/// ```
///
/// `before:` is before the first moment of the date, `after:` is that moment or later, `on:` is
/// within the dates (see [DateValue]); `sent:` is `on:` of what the message says itself. A name
/// with `-` in it that is none of these is that of a field of the header.
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
          "attachment",
          "filename",
          "type",
          "list",
          "header",
          "account",
          "in",
          "id",
          "ref",
          "flag",
          "has",
          "status",
          "lang",
          "larger",
          "smaller",
          "after",
          "before",
          "on",
          "sent",
          "older",
          "newer");

  private static final List<String> SYSTEM_FLAGS =
      List.of("answered", "flagged", "deleted", "seen", "draft");

  private static final String A_SIZE = "a size such as 500, 20KB or 1.5MB";
  private static final String AN_AGE = "an age such as 12h, 30d, 2w, 6m or 1y";

  private static final int MAX_SIZE_DIGITS = 12;
  private static final int MAX_FRACTION_DIGITS = 3;
  private static final int MAX_AGE_DIGITS = 5;

  /// Largest size, in octets; a double is exact up to here.
  private static final double MAX_SIZE = 1L << 52;

  /// Longest code of a language, in characters.
  private static final int MAX_CODE = 8;

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
    String name = name(field);
    Query.Field words = words(name);
    if (words != null) {
      return new Query.Words(words, value.text(), value.prefix(), value.quoted());
    }
    if (name.indexOf('-') > 0) {
      return new Query.Header(name, value.text(), value.prefix());
    }
    if (name.equals("header")) {
      return header(value, column);
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

  private static Query.@Nullable Field words(String name) {
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
      case "attachment" -> Query.Field.ATTACHMENT;
      case "filename" -> Query.Field.FILENAME;
      case "list" -> Query.Field.LIST;
      default -> null;
    };
  }

  /// Fields of the header that have a field of their own here go by that, too.
  private static String name(String written) {
    String name = written.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "message-id" -> "id";
      case "in-reply-to" -> "ref";
      case "list-id" -> "list";
      default -> name;
    };
  }

  // header = name ":" [ words ] / words
  private static Query header(QueryParser.Value value, int column) throws QuerySyntaxException {
    String text = value.text();
    int colon = text.indexOf(':');
    if (colon < 0) {
      return new Query.Header("", text, value.prefix());
    }
    String name = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw new QuerySyntaxException(
          value.quoted() ? column + 1 : column, "the name of a header field before :");
    }
    return new Query.Header(name, text.substring(colon + 1).strip(), value.prefix());
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
      case "ref" -> new Query.Refers(text);
      case "lang" -> new Query.InLanguage(language());
      case "after" -> new Query.Dated(Query.Date.RECEIVED, begin(), null);
      case "before" -> new Query.Dated(Query.Date.RECEIVED, null, begin());
      case "on" -> within(Query.Date.RECEIVED);
      case "sent" -> within(Query.Date.SENT);
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

  private String language() throws QuerySyntaxException {
    boolean code = text.length() <= MAX_CODE && text.chars().allMatch(Character::isLetter);
    if (!code) {
      throw expected("a language such as en, de or zh, or und for unknown");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private Query.Edge begin() throws QuerySyntaxException {
    return new Query.Edge(DateValue.period(text, column), false);
  }

  private Query within(Query.Date date) throws QuerySyntaxException {
    DateValue.Range range = DateValue.range(text, column);
    return new Query.Dated(
        date,
        range.from() == null ? null : new Query.Edge(range.from(), false),
        range.to() == null ? null : new Query.Edge(range.to(), true));
  }

  // size = number [ "B" / "K" / "KB" / "M" / "MB" / "G" / "GB" ]
  private long size() throws QuerySyntaxException {
    double number = number(MAX_SIZE_DIGITS, A_SIZE) + fraction();
    int shift =
        switch (text.substring(at).toUpperCase(Locale.ROOT)) {
          case "", "B" -> 0;
          case "K", "KB" -> 10;
          case "M", "MB" -> 20;
          case "G", "GB" -> 30;
          default -> throw expected(A_SIZE);
        };
    double octets = number * (1L << shift);
    if (octets > MAX_SIZE) {
      throw expected("a smaller size");
    }
    return (long) octets;
  }

  // [ "." 1*3DIGIT ]
  private double fraction() throws QuerySyntaxException {
    if (at == text.length() || text.charAt(at) != '.') {
      return 0;
    }
    at++;
    double value = 0;
    int start = at;
    for (double place = 0.1; at < text.length() && isDigit(text.charAt(at)); place /= 10) {
      if (at - start == MAX_FRACTION_DIGITS) {
        throw expected(A_SIZE);
      }
      value += place * (text.charAt(at++) - '0');
    }
    if (at == start) {
      throw expected(A_SIZE);
    }
    return value;
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
