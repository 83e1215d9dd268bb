package org.muniment.server.capture;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How the last run of an account ended, whichever process made it.
///
/// @param started null when there was none
/// @param ended null when there was none
/// @param complete whether every message that the source listed is accounted for
/// @param words what is missing, `""` for nothing
/// @param pause what the source said about the runs to come, null for nothing; it may be over
public record CaptureStanding(
    @Nullable Instant started,
    @Nullable Instant ended,
    boolean complete,
    String words,
    @Nullable Pause pause) {

  /// Of an account that was never captured.
  public static final CaptureStanding NEVER =
      new CaptureStanding(null, null, false, "never captured", null);
}
