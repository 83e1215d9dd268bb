package org.muniment.indexer.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SynonymQuery;
import org.apache.lucene.search.TermQuery;
import org.muniment.indexer.index.MailAnalyzer;

/// Words in sequence, in one field.
final class WordsQuery {

  /// How often a word must stand in a text to count as much as the one that was asked for.
  private static final float ALIKE_WEIGHT = 0.25f;

  private record Token(String term, int position) {}

  private WordsQuery() {}

  /// @param prefix whether the last word is only the beginning of one; words before it must then
  ///   stand in the same field, in any order
  /// @return empty when the text has no word at all
  static Optional<Query> of(String field, String text, boolean prefix) {
    List<Token> tokens = tokens(text);
    if (tokens.isEmpty()) {
      return Optional.empty();
    }
    if (!prefix) {
      return Optional.of(phrase(field, tokens));
    }
    Query last = new PrefixQuery(new Term(field, tokens.getLast().term));
    List<Token> before = tokens.subList(0, tokens.size() - 1);
    return Optional.of(
        before.isEmpty()
            ? last
            : new BooleanQuery.Builder()
                .add(phrase(field, before), Occur.MUST)
                .add(last, Occur.MUST)
                .build());
  }

  /// A word, and at a lower price others that stand for it.
  static Query of(String field, String word, List<String> alike) {
    SynonymQuery.Builder any = new SynonymQuery.Builder(field).addTerm(new Term(field, word));
    alike.forEach(other -> any.addTerm(new Term(field, other), ALIKE_WEIGHT));
    return any.build();
  }

  /// The words of a text as they stand in the index.
  static List<String> terms(String text) {
    return tokens(text).stream().map(Token::term).toList();
  }

  private static Query phrase(String field, List<Token> tokens) {
    if (tokens.size() == 1) {
      return new TermQuery(new Term(field, tokens.getFirst().term));
    }
    PhraseQuery.Builder phrase = new PhraseQuery.Builder();
    tokens.forEach(token -> phrase.add(new Term(field, token.term), token.position));
    return phrase.build();
  }

  private static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    try (TokenStream stream = MailAnalyzer.QUERY.tokenStream("", text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      PositionIncrementAttribute step = stream.addAttribute(PositionIncrementAttribute.class);
      stream.reset();
      for (int position = -1; stream.incrementToken(); ) {
        position += step.getPositionIncrement();
        tokens.add(new Token(term.toString(), position));
      }
      stream.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tokens;
  }
}
