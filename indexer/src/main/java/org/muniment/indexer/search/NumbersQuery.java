package org.muniment.indexer.search;

import java.io.IOException;
import java.util.BitSet;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.ConstantScoreScorerSupplier;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;
import org.muniment.indexer.index.Fields;

/// The documents whose message number is in a set.
final class NumbersQuery extends Query {

  /// What one look into a bitmap costs, in the units of [TwoPhaseIterator#matchCost()].
  private static final float COST = 3;

  private final BitSet numbers;

  /// @param numbers must not change afterwards
  NumbersQuery(BitSet numbers) {
    this.numbers = numbers;
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public ScorerSupplier scorerSupplier(LeafReaderContext leaf) throws IOException {
        NumericDocValues values = DocValues.getNumeric(leaf.reader(), Fields.NUMBER);
        return ConstantScoreScorerSupplier.fromIterator(
            TwoPhaseIterator.asDocIdSetIterator(matching(values)),
            score(),
            mode,
            leaf.reader().maxDoc());
      }

      @Override
      public boolean isCacheable(LeafReaderContext leaf) {
        return false;
      }
    };
  }

  private TwoPhaseIterator matching(NumericDocValues values) {
    DocIdSetIterator all = values;
    return new TwoPhaseIterator(all) {
      @Override
      public boolean matches() throws IOException {
        return numbers.get((int) values.longValue());
      }

      @Override
      public float matchCost() {
        return COST;
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public String toString(String field) {
    return numbers.cardinality() + " messages";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumbersQuery query && numbers.equals(query.numbers);
  }

  @Override
  public int hashCode() {
    return numbers.hashCode();
  }
}
