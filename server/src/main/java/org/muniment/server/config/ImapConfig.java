package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// The listener of the IMAP view.
///
/// @param bind address or name of the interface to listen on
/// @param port 0 to 65535; 0 takes any free one
/// @param maxSessions most sessions at once, at least 1
public record ImapConfig(String bind, int port, int maxSessions) {

  /// On 127.0.0.1 only.
  public static final ImapConfig DEFAULT = new ImapConfig("127.0.0.1", 1143, 5000);

  /// @throws BadValueException when a value is not allowed
  public ImapConfig {
    if (bind.isBlank()) {
      throw new BadValueException("bind", "must not be empty");
    }
    if (port != 0) {
      BadValueException.port("port", port);
    }
    if (maxSessions < 1) {
      throw new BadValueException("maxSessions", maxSessions + " is not allowed: at least 1 is");
    }
  }

  @JsonCreator
  static ImapConfig of(
      @JsonProperty("bind") @Nullable String bind,
      @JsonProperty("port") @Nullable Integer port,
      @JsonProperty("maxSessions") @Nullable Integer maxSessions) {
    return new ImapConfig(
        bind == null ? DEFAULT.bind() : bind,
        port == null ? DEFAULT.port() : port,
        maxSessions == null ? DEFAULT.maxSessions() : maxSessions);
  }
}
