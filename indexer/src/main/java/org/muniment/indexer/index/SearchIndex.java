package org.muniment.indexer.index;

import java.io.Closeable;
import java.io.IOException;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;

/// A full-text index that can be searched. Safe for use by many threads.
public interface SearchIndex extends Closeable {

  /// The index as it can be searched now; to be closed.
  View view() throws IOException;

  /// Number of messages with a status, such as [Fields#PENDING].
  default int count(String status) throws IOException {
    try (View view = view()) {
      return view.searcher().count(new TermQuery(new Term(Fields.STATUS, status)));
    }
  }

  /// An unchanging state of the index.
  ///
  /// @param manager what gave it and takes it back
  /// @param position number of log entries that it covers at least
  record View(SearcherManager manager, IndexSearcher searcher, long position) implements Closeable {
    @Override
    public void close() throws IOException {
      manager.release(searcher);
    }
  }
}
