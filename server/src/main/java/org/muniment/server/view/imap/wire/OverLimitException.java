package org.muniment.server.view.imap.wire;

import java.io.IOException;

/// The client sent more than this server takes, or nothing for too long; the connection has to end.
public final class OverLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String text;

  /// @param message for the client
  public OverLimitException(String message) {
    super(message);
    this.text = message;
  }

  /// What to tell the client.
  public String text() {
    return text;
  }
}
