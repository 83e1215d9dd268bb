package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// How many accounts are captured side by side.
///
/// @param parallel at most so many
/// @param perHost at most so many of one host
public record CaptureConfig(int parallel, int perHost) {

  /// Four.
  public static final CaptureConfig DEFAULT = new CaptureConfig(4, 4);

  private static final int MOST = 1_000;

  /// @throws BadValueException when a value is not allowed
  public CaptureConfig {
    check("parallel", parallel);
    check("perHost", perHost);
  }

  @JsonCreator
  static CaptureConfig of(
      @JsonProperty("parallel") @Nullable Integer parallel,
      @JsonProperty("perHost") @Nullable Integer perHost) {
    int all = parallel == null ? DEFAULT.parallel : parallel;
    return new CaptureConfig(all, perHost == null ? all : perHost);
  }

  private static void check(String key, int value) {
    if (value < 1 || value > MOST) {
      throw new BadValueException(key, "must be 1 to " + MOST);
    }
  }
}
