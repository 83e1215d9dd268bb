package org.muniment.indexer.search;

/// A query that is not of the language. The message is for the person who wrote it.
public final class QuerySyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int column;
  private final String expected;

  /// @param column 1-based column, in characters, where the reading stopped
  /// @param expected what could stand there
  public QuerySyntaxException(int column, String expected) {
    super("column " + column + ": expected " + expected);
    this.column = column;
    this.expected = expected;
  }

  /// 1-based column where the reading stopped.
  public int column() {
    return column;
  }

  /// What could stand there.
  public String expected() {
    return expected;
  }
}
