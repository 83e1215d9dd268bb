package org.muniment.indexer.search;

import java.io.IOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.uhighlight.LengthGoalBreakIterator;
import org.apache.lucene.search.uhighlight.PassageFormatter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.index.MailAnalyzer;

/// Stretches of the text of a message around the words that were looked for: the best of each part,
/// and of these the best.
///
/// @param inBody what of the query can be seen in the text of a message
/// @param inAttachment what can be seen in that of an attachment
record Snippets(
    org.apache.lucene.search.Query inBody, org.apache.lucene.search.Query inAttachment) {

  private static final int MAX_SNIPPETS = 3;
  private static final int PASSAGE_CHARS = 120;

  /// Where in a passage a match stands.
  private static final float MIDDLE = 0.5f;

  static Snippets of(Query query, Stems stems) throws IOException {
    return new Snippets(words(query, Fields.BODY, stems), words(query, Fields.ATTACHMENT, stems));
  }

  /// Those with matches, the best first; where no part has a match, the beginning of the text.
  List<Snippet> in(List<SearchedText.Piece> pieces) throws IOException {
    List<Scored> found = new ArrayList<>();
    for (SearchedText.Piece piece : pieces) {
      found.addAll(of(piece.attachment() ? inAttachment : inBody, piece));
    }
    List<Snippet> matching =
        found.stream()
            .filter(scored -> scored.snippet.matches())
            .sorted(Comparator.comparingDouble(Scored::score).reversed())
            .filter(unlike(new HashSet<>()))
            .limit(MAX_SNIPPETS)
            .map(Scored::snippet)
            .toList();
    return matching.isEmpty() ? found.stream().map(Scored::snippet).limit(1).toList() : matching;
  }

  /// The same text often stands in a message twice, plain and as HTML.
  private static Predicate<Scored> unlike(Set<String> seen) {
    return scored ->
        seen.add(
            scored.snippet.passages().stream()
                .flatMapToInt(passage -> passage.text().chars())
                .filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
  }

  private record Scored(Snippet snippet, float score) {}

  private static List<Scored> of(org.apache.lucene.search.Query words, SearchedText.Piece piece)
      throws IOException {
    Object found =
        highlighter().highlightWithoutSearcher(Fields.BODY, words, piece.text(), MAX_SNIPPETS);
    return found instanceof Found(List<Stretch> stretches)
        ? stretches.stream().map(stretch -> scored(piece, stretch)).toList()
        : List.of();
  }

  private static Scored scored(SearchedText.Piece piece, Stretch stretch) {
    return new Scored(
        new Snippet(piece.part(), piece.filename(), piece.attachment(), stretch.passages),
        stretch.score);
  }

  /// What of a query can be seen in a text: words that were wanted.
  private static org.apache.lucene.search.Query words(Query query, String field, Stems stems)
      throws IOException {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (Query.Words words : wanted(query).toList()) {
      if (words.field().fields().contains(field)) {
        WordsQuery.of(Fields.BODY, words.text(), words.prefix())
            .ifPresent(same -> any.add(same, Occur.SHOULD));
        for (String alike : stems.alike(field, words)) {
          any.add(new TermQuery(new Term(Fields.BODY, alike)), Occur.SHOULD);
        }
      }
    }
    BooleanQuery words = any.build();
    return words.clauses().isEmpty() ? MatchNoDocsQuery.INSTANCE : words;
  }

  private static Stream<Query.Words> wanted(Query query) {
    return switch (query) {
      case Query.And(List<Query> clauses) -> clauses.stream().flatMap(Snippets::wanted);
      case Query.Or(List<Query> clauses) -> clauses.stream().flatMap(Snippets::wanted);
      case Query.Words words -> Stream.of(words);
      case Query.All q -> Stream.empty();
      case Query.Not q -> Stream.empty();
      case Query.Type q -> Stream.empty();
      case Query.Id q -> Stream.empty();
      case Query.Refers q -> Stream.empty();
      case Query.Header q -> Stream.empty();
      case Query.InLanguage q -> Stream.empty();
      case Query.InAccount q -> Stream.empty();
      case Query.InMailbox q -> Stream.empty();
      case Query.Flagged q -> Stream.empty();
      case Query.HasAttachment q -> Stream.empty();
      case Query.Status q -> Stream.empty();
      case Query.Size q -> Stream.empty();
      case Query.Dated q -> Stream.empty();
      case Query.Older q -> Stream.empty();
      case Query.Newer q -> Stream.empty();
    };
  }

  private static UnifiedHighlighter highlighter() {
    return UnifiedHighlighter.builderWithoutSearcher(MailAnalyzer.INDEX)
        .withMaxLength(SearchedText.MAX_CHARS)
        .withMaxNoHighlightPassages(1)
        .withBreakIterator(
            () ->
                LengthGoalBreakIterator.createClosestToLength(
                    BreakIterator.getWordInstance(Locale.ROOT), PASSAGE_CHARS, MIDDLE))
        .withFormatter(new Formatter())
        .build();
  }

  private record Found(List<Stretch> stretches) {}

  private record Stretch(List<Passage> passages, float score) {}

  private static final class Formatter extends PassageFormatter {
    @Override
    public Object format(org.apache.lucene.search.uhighlight.Passage[] found, String content) {
      return new Found(Stream.of(found).map(passage -> stretch(passage, content)).toList());
    }

    private static Stretch stretch(
        org.apache.lucene.search.uhighlight.Passage passage, String content) {
      List<Passage> pieces = new ArrayList<>();
      int at = passage.getStartOffset();
      int end = Math.min(passage.getEndOffset(), at + 4 * PASSAGE_CHARS);
      for (int i = 0; i < passage.getNumMatches(); i++) {
        int from = Math.max(at, passage.getMatchStarts()[i]);
        int until = Math.min(end, passage.getMatchEnds()[i]);
        if (from < until) {
          piece(content, at, from, false).ifPresent(pieces::add);
          piece(content, from, until, true).ifPresent(pieces::add);
          at = until;
        }
      }
      piece(content, at, end, false).ifPresent(pieces::add);
      return new Stretch(pieces, passage.getScore());
    }

    private static Optional<Passage> piece(String content, int from, int to, boolean match) {
      return from < to
          ? Optional.of(new Passage(content.substring(from, to), match))
          : Optional.empty();
    }
  }
}
