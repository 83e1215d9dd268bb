package org.muniment.indexer.extract.child;

/// What a document may take; more of it is not read.
enum Limit {
  /// Characters of text.
  TEXT("more text than 8 Mi characters"),
  /// Documents in documents.
  DEPTH("documents inside each other, deeper than 10"),
  /// Documents inside.
  DOCUMENTS("more than 5,000 documents inside"),
  /// Octets of the documents inside, unpacked.
  OCTETS("more than 1 GiB unpacked"),
  /// Text that is large beyond reason for the octets it comes from.
  RATIO("more text than its octets account for");

  static final int MAX_DEPTH = 10;
  static final int MAX_DOCUMENTS = 5_000;
  static final long MAX_OCTETS = 1L << 30;

  private final String words;

  Limit(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /// Ends the reading. Unchecked, because parsers hand on all else as they like.
  static final class Reached extends RuntimeException {
    private static final long serialVersionUID = 1;

    Reached(Limit limit) {
      super(limit.words());
    }
  }
}
