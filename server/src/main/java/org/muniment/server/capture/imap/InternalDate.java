package org.muniment.server.capture.imap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The date-time of IMAP (RFC 9051 section 9): `" 7-Feb-1994 21:52:25 -0800"`.
final class InternalDate {

  private static final DateTimeFormatter FORM =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("d-MMM-uuuu HH:mm:ss xx")
          .toFormatter(Locale.ENGLISH)
          .withResolverStyle(ResolverStyle.STRICT);

  // dd-MMM-yyyy with a day of two characters, the first of which may be a space.
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("ppd-MMM-uuuu HH:mm:ss xx", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private InternalDate() {}

  /// In UTC, with quotes.
  static String write(Instant moment) {
    return '"' + WRITTEN.format(moment) + '"';
  }

  /// The moment, to the second; null when `text` is not of that form.
  static @Nullable Instant parse(String text) {
    try {
      return OffsetDateTime.parse(text.strip(), FORM).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
