package org.muniment.server.config;

import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

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

  /// @param example one that is right
  /// @param meaning of the example
  static void cron(String key, String schedule, String example, String meaning) {
    try {
      CronExpression.validateExpression(schedule);
    } catch (ParseException e) {
      throw new BadValueException(
          key,
          "\"%s\" is no Quartz cron expression (%s); an example is \"%s\", %s"
              .formatted(schedule, e.getMessage(), example, meaning));
    }
  }

  static int port(String key, int port) {
    if (port < 1 || port > 65_535) {
      throw new BadValueException(key, port + " is no port: 1 to 65535 are allowed");
    }
    return port;
  }
}
