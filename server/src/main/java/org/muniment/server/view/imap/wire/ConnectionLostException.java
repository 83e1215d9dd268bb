package org.muniment.server.view.imap.wire;

import java.io.IOException;

/// The client is gone, or cannot be reached any more.
public final class ConnectionLostException extends IOException {
  private static final long serialVersionUID = 1L;

  ConnectionLostException(String message) {
    super(message);
  }

  ConnectionLostException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
