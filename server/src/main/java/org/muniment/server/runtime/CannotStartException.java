package org.muniment.server.runtime;

/// Something that has to be there, or free, is not. The message is one line for the person who
/// started the program: what is wrong and what to do.
public final class CannotStartException extends Exception {
  private static final long serialVersionUID = 1L;

  public CannotStartException(String message) {
    super(message);
  }

  public CannotStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
