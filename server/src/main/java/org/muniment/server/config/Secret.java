package org.muniment.server.config;

/// A password or token: never shown, never logged.
public record Secret(String value) {

  @Override
  public String toString() {
    return "(secret)";
  }
}
