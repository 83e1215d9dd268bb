package org.muniment.indexer.search;

import java.util.List;
import java.util.Optional;
import org.apache.lucene.queries.intervals.IntervalQuery;
import org.apache.lucene.queries.intervals.Intervals;
import org.apache.lucene.queries.intervals.IntervalsSource;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.BytesRef;
import org.muniment.indexer.index.Fields;

/// Words in a field of the header that has a given name. The index has each field as `Name: value`
/// with a gap behind it, so that what stands near behind the name is of the same field.
final class HeaderQuery {

  /// Most words that a `*` may stand for.
  static final int MAX_BEGINNINGS = 1_000;

  /// Words between the name and what is looked for, at most: less than the gap between two fields.
  private static final int NEAR = 90;

  private HeaderQuery() {}

  /// @param prefix whether the last word is only the beginning of one
  /// @return empty when the name has no word at all
  static Optional<Query> of(String name, String words, boolean prefix) {
    List<String> named = WordsQuery.terms(name);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    List<String> wanted = WordsQuery.terms(words);
    IntervalsSource field = phrase(named, false);
    IntervalsSource source =
        wanted.isEmpty()
            ? field
            : Intervals.maxgaps(NEAR, Intervals.ordered(field, phrase(wanted, prefix)));
    return Optional.of(new ConstantScoreQuery(new IntervalQuery(Fields.HEADER, source)));
  }

  private static IntervalsSource phrase(List<String> terms, boolean prefix) {
    IntervalsSource[] sources = new IntervalsSource[terms.size()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] =
          prefix && i == sources.length - 1
              ? Intervals.prefix(new BytesRef(terms.get(i)), MAX_BEGINNINGS)
              : Intervals.term(terms.get(i));
    }
    return sources.length == 1 ? sources[0] : Intervals.phrase(sources);
  }
}
