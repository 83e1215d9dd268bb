package org.muniment.indexer.index;

import java.io.IOException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.jspecify.annotations.Nullable;

/// BM25 without the statistics of the whole index: how rare a word is, and how long texts are, in
/// all mail would tell a caller of words in mail that others alone may see. So a score depends on
/// the message only.
final class OwnMailSimilarity extends BM25Similarity {

  /// Words in a text of usual length.
  private static final float USUAL_LENGTH = 200;

  /// Makes searchers that score like this.
  static final SearcherFactory SEARCHERS =
      new SearcherFactory() {
        @Override
        public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous)
            throws IOException {
          IndexSearcher searcher = super.newSearcher(reader, previous);
          searcher.setSimilarity(new OwnMailSimilarity());
          return searcher;
        }
      };

  @Override
  protected float idf(long documentsWithTheWord, long documents) {
    return 1;
  }

  @Override
  protected float avgFieldLength(CollectionStatistics statistics) {
    return USUAL_LENGTH;
  }
}
