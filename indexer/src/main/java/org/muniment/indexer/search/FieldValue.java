package org.muniment.indexer.search;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /// Fields that hold words, by their names.
  private static final Map<String, Query.Field> WORDS =
      inOrder(
          Map.entry("from", Query.Field.FROM),
          Map.entry("to", Query.Field.TO),
          Map.entry("cc", Query.Field.CC),
          Map.entry("bcc", Query.Field.BCC),
          Map.entry("recipient", Query.Field.RECIPIENT),
          Map.entry("sender", Query.Field.SENDER),
          Map.entry("subject", Query.Field.SUBJECT),
          Map.entry("body", Query.Field.BODY),
          Map.entry("attachment", Query.Field.ATTACHMENT),
          Map.entry("filename", Query.Field.FILENAME),
          Map.entry("list", Query.Field.LIST));

  private static final String HEADER = "header";

  /// All others, and how their values are read.
  private static final Map<String, Reader> VALUES =
      inOrder(
          Map.entry("type", value -> new Query.Type(value.text)),
          Map.entry("account", value -> new Query.InAccount(value.text)),
          Map.entry("in", value -> new Query.InMailbox(value.text)),
          Map.entry("id", value -> new Query.Id(value.text)),
          Map.entry("ref", value -> new Query.Refers(value.text)),
          Map.entry("flag", value -> new Query.Flagged(value.flag())),
          Map.entry("has", FieldValue::has),
          Map.entry("status", value -> new Query.Status(value.text)),
          Map.entry("lang", value -> new Query.InLanguage(value.language())),
          Map.entry("larger", value -> new Query.Size(value.size() + 1, Long.MAX_VALUE)),
          Map.entry("smaller", value -> new Query.Size(0, value.size() - 1)),
          Map.entry("after", value -> new Query.Dated(Query.Date.RECEIVED, value.begin(), null)),
          Map.entry("before", value -> new Query.Dated(Query.Date.RECEIVED, null, value.begin())),
          Map.entry("on", value -> value.within(Query.Date.RECEIVED)),
          Map.entry("sent", value -> value.within(Query.Date.SENT)),
          Map.entry("older", value -> new Query.Older(value.age())),
          Map.entry("newer", value -> new Query.Newer(value.age())));

  private interface Reader {
    Query read(FieldValue value) throws QuerySyntaxException;
  }

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
    Query.@Nullable Field words = name.isEmpty() ? Query.Field.ANY : WORDS.get(name);
    if (words != null) {
      return new Query.Words(words, value.text(), value.prefix(), value.quoted());
    }
    if (name.indexOf('-') > 0) {
      return new Query.Header(name, value.text(), value.prefix());
    }
    if (name.equals(HEADER)) {
      return header(value, column);
    }
    @Nullable Reader reader = VALUES.get(name);
    if (reader == null) {
      throw new QuerySyntaxException(fieldColumn, "one of the fields " + known() + " (or quotes)");
    }
    if (value.prefix()) {
      throw new QuerySyntaxException(
          column + value.text().length(), "no * in the value of " + name + ":");
    }
    return reader.read(new FieldValue(value.text(), value.quoted() ? column + 1 : column));
  }

  private static String known() {
    return Stream.of(WORDS.keySet(), Set.of(HEADER), VALUES.keySet())
        .flatMap(Set::stream)
        .map(name -> name + ":")
        .collect(Collectors.joining(" "));
  }

  @SafeVarargs
  private static <V> Map<String, V> inOrder(Map.Entry<String, V>... entries) {
    Map<String, V> map = new LinkedHashMap<>();
    for (Map.Entry<String, V> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return Collections.unmodifiableMap(map);
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
