package org.muniment.server.capture.source;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// A source did not do what it was asked. What else it holds may still be fetched: on the same
/// connection, or on a new one when this one is [#lost()]; but not before a while when it wants to
/// be asked again [#later()].
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private enum Kind {
    REFUSED,
    LOST,
    LATER,
    DENIED
  }

  private final transient SourceText words;
  private final Kind kind;
  private final @Nullable Duration suggested;

  private SourceException(
      SourceText words, Kind kind, @Nullable Duration suggested, @Nullable Throwable cause) {
    super(words.display(), cause);
    this.words = words;
    this.kind = kind;
    this.suggested = suggested;
  }

  /// The source answered that it will not; the connection goes on.
  ///
  /// @param words the answer, as it came
  public static SourceException refused(SourceText words, @Nullable Throwable cause) {
    return new SourceException(words, Kind.REFUSED, null, cause);
  }

  /// The connection ended or cannot be used any longer.
  public static SourceException lost(SourceText words, @Nullable Throwable cause) {
    return new SourceException(words, Kind.LOST, null, cause);
  }

  /// The source wants to be left alone for a while, on every connection of the account.
  ///
  /// @param words the answer, as it came
  /// @param suggested how long, null when the source does not say
  public static SourceException later(
      SourceText words, @Nullable Duration suggested, @Nullable Throwable cause) {
    return new SourceException(words, Kind.LATER, suggested, cause);
  }

  /// The source does not let this user in with this secret.
  ///
  /// @param words the answer, without the secret
  public static SourceException denied(SourceText words, @Nullable Throwable cause) {
    return new SourceException(words, Kind.DENIED, null, cause);
  }

  /// The same in other words.
  public SourceException with(SourceText other) {
    return new SourceException(other, kind, suggested, getCause());
  }

  /// The source's own words, or those of the network when it said nothing.
  public SourceText words() {
    return words;
  }

  /// Whether the connection is of no further use.
  public boolean lost() {
    return kind == Kind.LOST || kind == Kind.LATER;
  }

  /// Whether nothing of the account is to be asked for before a while.
  public boolean later() {
    return kind == Kind.LATER;
  }

  /// Whether user and secret were refused.
  public boolean denied() {
    return kind == Kind.DENIED;
  }

  /// How long the source wants to be left alone, null when it does not say.
  public @Nullable Duration suggested() {
    return suggested;
  }
}
