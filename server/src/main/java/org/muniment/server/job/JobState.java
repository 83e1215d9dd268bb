package org.muniment.server.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A job as it stands at one moment.
///
/// @param id 32 hexadecimal digits that nobody can guess
/// @param kind what is done, such as `capture`
/// @param subject what it is done with, such as the name of an account
/// @param phase where it stands
/// @param ended null while it runs
/// @param progress how far it is, in a form that `kind` decides; null before its first word
/// @param result what came of it, in a form that `kind` decides; null but when it is done
/// @param problem why it failed, null when it did not
/// @param version rises with every change
public record JobState(
    String id,
    String kind,
    String subject,
    Phase phase,
    Instant started,
    @Nullable Instant ended,
    @Nullable Object progress,
    @Nullable Object result,
    @Nullable String problem,
    long version) {

  /// Where a job stands.
  public enum Phase {
    RUNNING,
    DONE,
    FAILED
  }

  /// Whether nothing more comes.
  public boolean over() {
    return phase != Phase.RUNNING;
  }
}
