package org.muniment.indexer.index;

import java.io.Closeable;
import java.io.IOException;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;

/// A full-text index that can be searched. Safe for use by many threads.
public interface SearchIndex extends Closeable {

  /// The index as it can be searched now; to be closed.
  View view() throws IOException;

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
