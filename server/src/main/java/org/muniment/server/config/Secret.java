package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;

/// A password or token: never shown, never logged.
public record Secret(String value) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Secret of(String value) {
    return new Secret(value);
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
