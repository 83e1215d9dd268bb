package org.muniment.indexer.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.index.Fields;

/// What is like a message: what shares its telling words. A word tells the more, the more often the
/// message has it and the fewer others have it among those that the caller may see; what others
/// have counts for nothing.
///
/// @param visible the documents that the caller may see
record Likeness(IndexSearcher searcher, Query visible) {

  /// Words that are looked for, and words that are considered for it.
  private static final int WORDS = 20;

  private static final int CONSIDERED = 80;

  /// Part of the words that another message has at least, and their number at least.
  private static final double SHARED = 0.3;

  private static final int LEAST_SHARED = 2;

  /// A word that so many messages have tells nothing.
  private static final int COMMON = 10_000;

  /// What a word in the subject counts.
  private static final int IN_SUBJECT = 3;

  private static final int MIN_LENGTH = 3;

  /// A word, and how much it tells.
  private record Telling(String word, double weight) {}

  /// What is like a message, itself left out.
  Query of(Message message, List<SearchedText.Piece> pieces) throws IOException {
    List<Telling> telling = telling(counts(message, pieces));
    if (telling.isEmpty()) {
      return MatchNoDocsQuery.INSTANCE;
    }
    int least = Math.max(LEAST_SHARED, (int) Math.ceil(SHARED * telling.size()));
    BooleanQuery.Builder like =
        new BooleanQuery.Builder()
            .add(visible, Occur.FILTER)
            .add(
                QueryCompiler.keyword(Fields.CONTENT, message.content().toString()), Occur.MUST_NOT)
            .setMinimumNumberShouldMatch(Math.min(least, telling.size()));
    telling.forEach(word -> like.add(has(word), Occur.SHOULD));
    return like.build();
  }

  private static Query has(Telling telling) {
    Query either =
        new BooleanQuery.Builder()
            .add(new TermQuery(new Term(Fields.BODY, telling.word)), Occur.SHOULD)
            .add(new TermQuery(new Term(Fields.SUBJECT, telling.word)), Occur.SHOULD)
            .build();
    return new BoostQuery(new ConstantScoreQuery(either), (float) telling.weight);
  }

  private static Map<String, Integer> counts(Message message, List<SearchedText.Piece> pieces) {
    Map<String, Integer> counts = new HashMap<>();
    for (SearchedText.Piece piece : pieces) {
      WordsQuery.terms(piece.text()).forEach(word -> counts.merge(word, 1, Integer::sum));
    }
    WordsQuery.terms(message.subject())
        .forEach(word -> counts.merge(word, IN_SUBJECT, Integer::sum));
    counts.keySet().removeIf(word -> word.length() < MIN_LENGTH && word.charAt(0) < 0x80);
    return counts;
  }

  private List<Telling> telling(Map<String, Integer> counts) throws IOException {
    List<String> considered =
        counts.keySet().stream()
            .sorted(
                Comparator.comparing((String word) -> counts.getOrDefault(word, 0))
                    .reversed()
                    .thenComparing(Comparator.naturalOrder()))
            .limit(CONSIDERED)
            .toList();
    double all = searcher.count(visible);
    List<Telling> telling = new ArrayList<>();
    for (String word : considered) {
      int having = having(word);
      if (having > 1 && having < COMMON) {
        double often = 1 + Math.log(counts.getOrDefault(word, 1));
        telling.add(new Telling(word, often * Math.log(1 + all / having)));
      }
    }
    telling.sort(Comparator.comparingDouble(Telling::weight).reversed());
    return telling.subList(0, Math.min(WORDS, telling.size()));
  }

  /// How many messages of the caller have a word in their text, counted up to [#COMMON].
  int having(String word) throws IOException {
    Query query =
        searcher.rewrite(
            new BooleanQuery.Builder()
                .add(new TermQuery(new Term(Fields.BODY, word)), Occur.FILTER)
                .add(visible, Occur.FILTER)
                .build());
    Weight weight = searcher.createWeight(query, ScoreMode.COMPLETE_NO_SCORES, 1);
    int having = 0;
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      Scorer scorer = weight.scorer(leaf);
      DocIdSetIterator found = scorer == null ? DocIdSetIterator.empty() : scorer.iterator();
      // A scorer knows nothing of deletions: an earlier state of a document would count, too.
      @Nullable Bits live = leaf.reader().getLiveDocs();
      for (int document = found.nextDoc();
          having < COMMON && document != DocIdSetIterator.NO_MORE_DOCS;
          document = found.nextDoc()) {
        having += live == null || live.get(document) ? 1 : 0;
      }
    }
    return having;
  }
}
