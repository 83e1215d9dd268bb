package org.muniment.server.capture;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.SourceException;

/// Why a source did not let a run come to its end, where the next run had better wait.
///
/// @param kind what the source means
/// @param words its own
/// @param suggested how long it wants to be left alone, null when it does not say
public record Hindrance(Kind kind, SourceText words, @Nullable Duration suggested) {

  /// What a source means.
  public enum Kind {
    /// It asks to come again later.
    LATER,
    /// User and secret are wrong.
    DENIED
  }

  /// What an exception says; null when the next run need not wait for it.
  static @Nullable Hindrance of(SourceException e) {
    if (e.later()) {
      return new Hindrance(Kind.LATER, e.words(), e.suggested());
    }
    return e.denied() ? new Hindrance(Kind.DENIED, e.words(), null) : null;
  }
}
