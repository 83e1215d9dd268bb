package org.muniment.server.view.imap.wire;

/// A command is not of the grammar. The connection goes on; the rest of the command is skipped.
public final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String text;

  /// @param expected what could stand there
  public SyntaxException(String expected) {
    super(expected);
    this.text = expected;
  }

  /// @param column 1-based octet of the command, literals not counted
  SyntaxException(String expected, int column) {
    this("expected " + expected + " at column " + column);
  }

  /// What to tell the client.
  public String text() {
    return text;
  }
}
