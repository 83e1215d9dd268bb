package org.muniment.server.credential;

import org.jspecify.annotations.Nullable;

/// There is no password or token to be had. The message says why, and holds no secret.
public final class CredentialException extends Exception {
  private static final long serialVersionUID = 1L;

  CredentialException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
