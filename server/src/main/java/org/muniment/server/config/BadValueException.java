package org.muniment.server.config;

import org.jspecify.annotations.Nullable;

/// A value of config.yml that is not allowed. The reader of the file adds where it stands.
final class BadValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /// @param key the key, below the record that refuses it; keys of deeper levels after a `/`
  /// @param message what is wrong and what is allowed
  BadValueException(String key, String message) {
    super(message);
    this.key = key;
  }

  String key() {
    return key;
  }

  /// `value`, which a key without default must have.
  static <T> T required(String key, @Nullable T value) {
    if (value == null) {
      throw new BadValueException(key, "is missing");
    }
    return value;
  }

  static int port(String key, int port) {
    if (port < 1 || port > 65_535) {
      throw new BadValueException(key, port + " is no port: 1 to 65535 are allowed");
    }
    return port;
  }
}
