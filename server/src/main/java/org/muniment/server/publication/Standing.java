package org.muniment.server.publication;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How things stand with a target.
///
/// @param target its name
/// @param confirmation its last one, null when there was none
/// @param trouble why the newest attempt gave none, `""` when it did or there was no attempt
public record Standing(String target, @Nullable Confirmation confirmation, String trouble) {

  /// A target that has not confirmed for longer is not counted on.
  public static final Duration ALIVE = Duration.ofHours(24);

  /// A target outside has a checkpoint.
  ///
  /// @param size log entries that the checkpoint covers
  /// @param at when the target confirmed it
  public record Confirmation(long size, Instant at) {}

  static Standing unknown(String target) {
    return new Standing(target, null, "");
  }

  /// Whether it confirmed in the last 24 hours.
  public boolean alive(Instant now) {
    return confirmation != null && now.isBefore(confirmation.at().plus(ALIVE));
  }

  /// In a sentence.
  public String words() {
    String last =
        confirmation == null
            ? "nothing confirmed yet"
            : "%,d log entries confirmed at %s".formatted(confirmation.size(), confirmation.at());
    return target + ": " + last + (trouble.isEmpty() ? "" : "; last attempt: " + trouble);
  }
}
