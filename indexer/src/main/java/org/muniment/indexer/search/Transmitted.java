package org.muniment.indexer.search;

import java.io.IOException;
import java.util.BitSet;
import java.util.Set;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.index.Fields;

/// From what journal mailboxes tell to the messages of which they tell it, as one caller sees the
/// archive: what the journal of a hidden account tells is not known, also of a message that the
/// caller sees elsewhere.
final class Transmitted {

  private final IndexSearcher searcher;
  private final Query visible;

  /// @param visible the accounts that the caller may see
  Transmitted(IndexSearcher searcher, Set<AccountName> visible) {
    this.searcher = searcher;
    this.visible =
        new TermInSetQuery(
            Fields.ACCOUNT,
            visible.stream().map(account -> new BytesRef(account.value())).toList());
  }

  /// The messages of which some document tells that `told` matches.
  Query messages(Query told) throws IOException {
    Query query =
        searcher.rewrite(
            new BooleanQuery.Builder().add(told, Occur.MUST).add(visible, Occur.FILTER).build());
    Weight weight = searcher.createWeight(query, ScoreMode.COMPLETE_NO_SCORES, 1);
    BitSet numbers = new BitSet();
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      add(leaf, weight.scorer(leaf), numbers);
    }
    return numbers.isEmpty() ? MatchNoDocsQuery.INSTANCE : new NumbersQuery(numbers);
  }

  private static void add(LeafReaderContext leaf, @Nullable Scorer scorer, BitSet numbers)
      throws IOException {
    if (scorer == null) {
      return;
    }
    NumericDocValues values = DocValues.getNumeric(leaf.reader(), Fields.TELLS_OF);
    // Lucene leaves documents out of an iterator that were deleted only where it collects.
    var live = leaf.reader().getLiveDocs();
    DocIdSetIterator found = scorer.iterator();
    for (int document = found.nextDoc();
        document != DocIdSetIterator.NO_MORE_DOCS;
        document = found.nextDoc()) {
      if ((live == null || live.get(document)) && values.advanceExact(document)) {
        numbers.set((int) values.longValue());
      }
    }
  }
}
