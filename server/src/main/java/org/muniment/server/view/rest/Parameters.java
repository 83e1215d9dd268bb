package org.muniment.server.view.rest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.view.AsOf;

/// Reads the parameters of a request. A query parameter that is wrong is a 400 that names it; a
/// path that cannot be one is a 404 like any other that is not there.
final class Parameters {

  static final int DEFAULT_LIMIT = 50;
  static final int MAX_LIMIT = 500;
  static final int MAX_QUERY = 2_000;
  static final int MAX_CURSOR = 500;

  private static final int MAX_DIGITS = 18;

  private Parameters() {}

  static int limit(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    long limit = number(text).orElse(0L);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Problem.wrong("limit", "limit is a number from 1 to " + MAX_LIMIT + ".");
    }
    return (int) limit;
  }

  static String query(@Nullable String text) {
    String query = text == null ? "" : text;
    if (query.length() > MAX_QUERY) {
      throw Problem.wrong("q", "A query has at most " + MAX_QUERY + " characters.");
    }
    return query;
  }

  /// Null for the first page.
  static @Nullable String cursor(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.length() > MAX_CURSOR) {
      throw wrongCursor();
    }
    return text;
  }

  static RuntimeException wrongCursor() {
    return Problem.wrong("cursor", "cursor is the \"next\" of an answer to the same request.");
  }

  /// A constant by its name in lower case.
  static <E extends Enum<E>> E choice(String parameter, @Nullable String text, E byDefault) {
    if (text == null || text.isEmpty()) {
      return byDefault;
    }
    return named(parameter, text, byDefault.getDeclaringClass());
  }

  private static <E extends Enum<E>> E named(String parameter, String text, Class<E> type) {
    E[] choices = type.getEnumConstants();
    return Arrays.stream(choices)
        .filter(choice -> lower(choice).equals(text))
        .findFirst()
        .orElseThrow(() -> Problem.wrong(parameter, parameter + " is one of: " + all(choices)));
  }

  /// Constants by their names in lower case, separated by commas.
  static <E extends Enum<E>> Set<E> choices(
      String parameter, @Nullable String text, Class<E> type) {
    Set<E> chosen = EnumSet.noneOf(type);
    if (text != null && !text.isEmpty()) {
      for (String name : text.split(",", -1)) {
        chosen.add(named(parameter, name, type));
      }
    }
    return chosen;
  }

  /// Where a calendar is kept, such as `Europe/Berlin` or `+02:00`; UTC without one.
  static ZoneId zone(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw Problem.wrong("zone", "zone is a time zone such as Europe/Berlin or +02:00.");
    }
  }

  /// A day or a moment; null without one.
  static @Nullable Instant asOf(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return AsOf.parse(text);
    } catch (DateTimeException e) {
      throw Problem.wrong(
          "asOf", "asOf is a day such as 2026-03-31 or a moment such as 2026-03-31T12:00:00Z.");
    }
  }

  private static String all(Enum<?>[] choices) {
    return Arrays.stream(choices).map(Parameters::lower).collect(Collectors.joining(", "));
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static AccountName account(String text) {
    try {
      return new AccountName(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound("account");
    }
  }

  static MailboxId mailbox(String text) {
    try {
      return new MailboxId(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound("mailbox");
    }
  }

  static ContentId message(String text) {
    try {
      return ContentId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound("message");
    }
  }

  /// A decimal number of at most 18 digits; empty for anything else.
  static Optional<Long> number(String text) {
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}
