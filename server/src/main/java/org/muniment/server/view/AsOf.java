package org.muniment.server.view;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// How people write the moment as of which they look at mailboxes.
public final class AsOf {

  private AsOf() {}

  /// A moment such as `2026-03-31T12:00:00Z`, or a day such as `2026-03-31`, which is its last
  /// millisecond in UTC.
  ///
  /// @throws java.time.DateTimeException when it is neither
  public static Instant parse(String text) {
    return text.length() == "2026-03-31".length()
        ? LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusMillis(1)
        : Instant.parse(text);
  }
}
