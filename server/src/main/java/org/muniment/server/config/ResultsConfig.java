package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import org.jspecify.annotations.Nullable;

/// What came of exports and restores that were asked for over REST.
///
/// @param keep how long it can be downloaded, before it is deleted
public record ResultsConfig(java.time.Duration keep) {

  private static final java.time.Duration LEAST = java.time.Duration.ofSeconds(1);
  private static final java.time.Duration MOST = java.time.Duration.ofDays(366);

  /// Seven days.
  public static final ResultsConfig DEFAULT = new ResultsConfig(java.time.Duration.ofDays(7));

  /// @throws BadValueException when it is too short or too long
  public ResultsConfig {
    if (keep.compareTo(LEAST) < 0 || keep.compareTo(MOST) > 0) {
      throw new BadValueException("keep", "must be 1s to 366d");
    }
  }

  @JsonCreator
  static ResultsConfig of(@JsonProperty("keep") @Nullable String keep) {
    return keep == null ? DEFAULT : new ResultsConfig(duration(keep));
  }

  private static java.time.Duration duration(String time) {
    try {
      return Duration.parse(time).toJavaDuration();
    } catch (IllegalArgumentException e) {
      throw new BadValueException("keep", "\"" + time + "\" is no time: one is written 7d");
    }
  }
}
