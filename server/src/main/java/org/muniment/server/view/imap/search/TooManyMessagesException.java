package org.muniment.server.view.imap.search;

/// What is to be sorted or threaded takes more memory than one command may have.
public final class TooManyMessagesException extends Exception {
  private static final long serialVersionUID = 1L;

  TooManyMessagesException() {
    super("too many messages to put in order");
  }

  /// For the client.
  public String text() {
    return "too many messages to put in order";
  }
}
