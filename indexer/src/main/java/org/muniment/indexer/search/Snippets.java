package org.muniment.indexer.search;

import java.io.IOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.uhighlight.LengthGoalBreakIterator;
import org.apache.lucene.search.uhighlight.PassageFormatter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.muniment.archive.Archive;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.index.MailAnalyzer;
import org.muniment.indexer.text.MessageText;

/// Passages of the text of a message around the words that were looked for. The text is read from
/// the archive each time.
final class Snippets {

  /// Characters of text that are looked through.
  private static final int MAX_CHARS = 200_000;

  private static final int MAX_PASSAGES = 3;
  private static final int PASSAGE_CHARS = 120;

  /// Where in a passage a match stands.
  private static final float MIDDLE = 0.5f;

  private final Archive archive;
  private final Messages messages;

  Snippets(Archive archive, Messages messages) {
    this.archive = archive;
    this.messages = messages;
  }

  List<Passage> of(Query query, Message message) throws IOException {
    String text = text(message);
    Object found =
        highlighter().highlightWithoutSearcher(Fields.BODY, words(query), text, MAX_PASSAGES);
    return found instanceof Found(List<Passage> passages) ? passages : List.of();
  }

  private String text(Message message) throws IOException {
    StringBuilder text = new StringBuilder();
    new MessageText(
            messages.structure(message.number()),
            offset -> archive.open(message.content(), message.location(), offset))
        .forEach(
            section -> {
              if (section instanceof MessageText.Section.Body body) {
                append(text, body.extracted().text());
              }
              return text.length() < MAX_CHARS;
            });
    return text.toString();
  }

  private static void append(StringBuilder text, String more) {
    text.append(more, 0, Math.min(more.length(), MAX_CHARS - text.length())).append('\n');
  }

  /// What of a query can be seen in a text: words that were wanted.
  private static org.apache.lucene.search.Query words(Query query) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    wanted(query)
        .flatMap(words -> WordsQuery.of(Fields.BODY, words.text(), words.prefix()).stream())
        .forEach(words -> any.add(words, Occur.SHOULD));
    BooleanQuery words = any.build();
    return words.clauses().isEmpty() ? MatchNoDocsQuery.INSTANCE : words;
  }

  private static Stream<Query.Words> wanted(Query query) {
    return switch (query) {
      case Query.And(List<Query> clauses) -> clauses.stream().flatMap(Snippets::wanted);
      case Query.Or(List<Query> clauses) -> clauses.stream().flatMap(Snippets::wanted);
      case Query.Words words ->
          Stream.of(words).filter(w -> w.field().fields().contains(Fields.BODY));
      case Query.All q -> Stream.empty();
      case Query.Not q -> Stream.empty();
      case Query.Type q -> Stream.empty();
      case Query.Id q -> Stream.empty();
      case Query.InAccount q -> Stream.empty();
      case Query.InMailbox q -> Stream.empty();
      case Query.Flagged q -> Stream.empty();
      case Query.HasAttachment q -> Stream.empty();
      case Query.Status q -> Stream.empty();
      case Query.Size q -> Stream.empty();
      case Query.Received q -> Stream.empty();
      case Query.Older q -> Stream.empty();
      case Query.Newer q -> Stream.empty();
    };
  }

  private static UnifiedHighlighter highlighter() {
    return UnifiedHighlighter.builderWithoutSearcher(MailAnalyzer.INDEX)
        .withMaxLength(MAX_CHARS)
        .withMaxNoHighlightPassages(1)
        .withBreakIterator(
            () ->
                LengthGoalBreakIterator.createClosestToLength(
                    BreakIterator.getWordInstance(Locale.ROOT), PASSAGE_CHARS, MIDDLE))
        .withFormatter(new Formatter())
        .build();
  }

  private record Found(List<Passage> passages) {}

  private static final class Formatter extends PassageFormatter {
    @Override
    public Object format(org.apache.lucene.search.uhighlight.Passage[] found, String content) {
      List<Passage> passages = new ArrayList<>();
      for (org.apache.lucene.search.uhighlight.Passage passage : found) {
        if (!passages.isEmpty()) {
          passages.add(new Passage(" \u2026 ", false));
        }
        split(passage, content, passages);
      }
      return new Found(passages);
    }

    private static void split(
        org.apache.lucene.search.uhighlight.Passage passage, String content, List<Passage> to) {
      int at = passage.getStartOffset();
      int end = Math.min(passage.getEndOffset(), at + 4 * PASSAGE_CHARS);
      for (int i = 0; i < passage.getNumMatches(); i++) {
        int from = Math.max(at, passage.getMatchStarts()[i]);
        int until = Math.min(end, passage.getMatchEnds()[i]);
        if (from < until) {
          piece(content, at, from, false).ifPresent(to::add);
          piece(content, from, until, true).ifPresent(to::add);
          at = until;
        }
      }
      piece(content, at, end, false).ifPresent(to::add);
    }

    private static Optional<Passage> piece(String content, int from, int to, boolean match) {
      return from < to
          ? Optional.of(new Passage(content.substring(from, to), match))
          : Optional.empty();
    }
  }
}
