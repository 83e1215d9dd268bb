package org.muniment.indexer.search;

import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.muniment.indexer.index.Fields;

/// Order of hits. The number of the message decides between equals, so that every order is total.
public enum SortOrder {
  /// Newest first, by INTERNALDATE of the first capture.
  DATE,
  /// Best match first. Scores shift a little while mail arrives, so that a hit may then be met
  /// twice, or not at all, from one page to the next.
  RELEVANCE;

  Sort sort() {
    SortField first =
        switch (this) {
          case DATE -> new SortField(Fields.RECEIVED, SortField.Type.LONG, true);
          case RELEVANCE -> SortField.FIELD_SCORE;
        };
    return new Sort(first, new SortField(Fields.NUMBER, SortField.Type.LONG, true));
  }
}
