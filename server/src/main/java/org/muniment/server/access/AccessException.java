package org.muniment.server.access;

/// A change of users, grants or tokens that cannot be made. The message says why, to the one who
/// asked for it.
public final class AccessException extends Exception {
  private static final long serialVersionUID = 1L;

  AccessException(String message) {
    super(message);
  }
}
