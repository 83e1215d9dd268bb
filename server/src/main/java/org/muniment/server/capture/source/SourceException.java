package org.muniment.server.capture.source;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// A source did not do what it was asked. What else it holds may still be fetched: on the same
/// connection, or on a new one when this one is [#lost()].
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient SourceText words;
  private final boolean lost;

  private SourceException(SourceText words, boolean lost, @Nullable Throwable cause) {
    super(words.display(), cause);
    this.words = words;
    this.lost = lost;
  }

  /// The source answered that it will not; the connection goes on.
  ///
  /// @param words the answer, as it came
  public static SourceException refused(SourceText words, @Nullable Throwable cause) {
    return new SourceException(words, false, cause);
  }

  /// The connection ended or cannot be used any longer.
  public static SourceException lost(SourceText words, @Nullable Throwable cause) {
    return new SourceException(words, true, cause);
  }

  /// The source's own words, or those of the network when it said nothing.
  public SourceText words() {
    return words;
  }

  /// Whether the connection is of no further use.
  public boolean lost() {
    return lost;
  }
}
