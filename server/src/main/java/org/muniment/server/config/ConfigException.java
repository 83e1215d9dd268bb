package org.muniment.server.config;

import java.nio.file.Path;

/// A configuration file that cannot be used. The message is one line for the person who wrote the
/// file: where, which key, what is allowed.
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(Path file, String message) {
    super(file + ": " + message);
  }

  /// @param line 1-based
  ConfigException(Path file, int line, String message) {
    super(file + ":" + line + ": " + message);
  }
}
