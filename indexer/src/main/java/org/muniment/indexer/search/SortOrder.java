package org.muniment.indexer.search;

import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.muniment.indexer.index.Fields;

/// Order of hits. The number of the message decides between equals, so that every order is total.
public enum SortOrder {
  /// Newest first, by INTERNALDATE of the first capture. That may be a place which the caller does
  /// not see: where two accounts hold the very same octets, order, cursor, months and the date
  /// fields of a query tell one of them when the other received them, and nothing else.
  DATE,
  /// As [#DATE], oldest first.
  OLDEST,
  /// Best match first. Scores depend on the message alone, not on other mail.
  RELEVANCE;

  Sort sort() {
    boolean descending = this != OLDEST;
    SortField first =
        switch (this) {
          case DATE, OLDEST -> new SortField(Fields.RECEIVED, SortField.Type.LONG, descending);
          case RELEVANCE -> SortField.FIELD_SCORE;
        };
    return new Sort(first, new SortField(Fields.NUMBER, SortField.Type.LONG, descending));
  }
}
