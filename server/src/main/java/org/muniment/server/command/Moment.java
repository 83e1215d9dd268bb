package org.muniment.server.command;

import java.time.DateTimeException;
import java.time.Instant;
import org.muniment.server.view.AsOf;

/// A moment on the command line.
final class Moment {

  private Moment() {}

  /// @param option that it is the value of
  static Instant parse(String option, String text) throws UsageException {
    try {
      return AsOf.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException(
          option + " wants a day such as 2026-03-31 or a moment such as 2026-03-31T12:00:00Z");
    }
  }
}
