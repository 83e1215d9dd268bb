package org.muniment.indexer.search;

/// A word with `*` is the beginning of too many words, with those of the query before it.
public final class TooBroadException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String beginning;

  /// @param beginning what stands before the `*`
  TooBroadException(String beginning, int most) {
    super(
        "more than "
            + most
            + " words begin with \""
            + beginning
            + "\" and what else stands before a *");
    this.beginning = beginning;
  }

  /// What stands before the `*`.
  public String beginning() {
    return beginning;
  }
}
