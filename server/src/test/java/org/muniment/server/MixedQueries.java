package org.muniment.server;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.index.SearchIndex;
import org.muniment.indexer.text.MessageText;

/// Queries as people ask them, made of the words of an index and of the messages behind it.
final class MixedQueries {

  /// A rare word is in no more messages than this, and no more than one in so many.
  private static final int RARE = 3;

  private static final int RARE_ONE_IN = 1_000;

  /// A common word is in one of so many messages, or more.
  private static final int COMMON_ONE_IN = 20;

  private static final int MIN_WORD = 4;
  private static final int MAX_WORD = 20;
  private static final int PREFIX = 4;
  private static final int MAX_DAYS = 90;

  /// Characters of a piece of text.
  private static final int PIECE = 7;

  private static final String PUNCTUATION = ",.;:-'/@";

  /// Words of four letters and more that notmuch takes for operators.
  private static final Set<String> OPERATORS = Set.of("near");

  private static final String ADDRESS = "abcdefghijklmnopqrstuvwxyz0123456789.-@";

  private final BenchArchive archive;
  private final Random random;
  private final List<String> rare = new ArrayList<>();
  private final List<String> common = new ArrayList<>();
  private final List<String> senders = new ArrayList<>();
  private final int messages;

  /// @param index of the archive
  MixedQueries(BenchArchive archive, SearchIndex index, long seed) throws IOException {
    this.archive = archive;
    this.random = new Random(seed);
    try (SearchIndex.View view = index.view()) {
      IndexReader reader = view.searcher().getIndexReader();
      this.messages = reader.numDocs();
      readWords(reader);
      readSenders(reader);
    }
  }

  /// What a query asks for.
  enum Kind {
    RARE_WORD("rare word"),
    COMMON_WORD("common word"),
    PHRASE("phrase"),
    FROM("from:"),
    DATES("date range"),
    BOOLEAN("boolean"),
    PREFIX("prefix");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  /// A query.
  ///
  /// @param own as Muniment reads it
  /// @param notmuch the same, as notmuch reads it
  record Asked(Kind kind, String own, String notmuch) {}

  /// As many of each kind, as far as that goes.
  List<Asked> queries(int count) throws IOException {
    Kind[] kinds = Kind.values();
    List<Asked> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      queries.add(query(kinds[i % kinds.length]));
    }
    return queries;
  }

  private Asked query(Kind kind) throws IOException {
    return switch (kind) {
      case RARE_WORD -> alike(kind, any(rare));
      case COMMON_WORD -> alike(kind, any(common));
      case PHRASE -> alike(kind, '"' + phrase() + '"');
      case FROM -> alike(kind, "from:" + any(senders));
      case DATES -> dates();
      case BOOLEAN -> words();
      case PREFIX -> alike(kind, any(rare).substring(0, PREFIX) + "*");
    };
  }

  private static Asked alike(Kind kind, String query) {
    return new Asked(kind, query, query);
  }

  private Asked dates() {
    LocalDate last = LocalDate.ofInstant(message().internalDate(), ZoneOffset.UTC);
    LocalDate first = last.minusDays(random.nextInt(MAX_DAYS));
    return new Asked(
        Kind.DATES, "on:%s..%s".formatted(first, last), "date:%s..%s".formatted(first, last));
  }

  private Asked words() {
    String all = any(common);
    String one = any(common);
    String other = any(rare);
    String none = any(common);
    return new Asked(
        Kind.BOOLEAN,
        "%s (%s OR %s) NOT %s".formatted(all, one, other, none),
        "%s and (%s or %s) and not %s".formatted(all, one, other, none));
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private Message message() {
    int number = random.nextInt(messages);
    @Nullable Message message = archive.catalogue().messages().find(List.of(number)).get(number);
    if (message == null) {
      throw new IllegalStateException("no message " + number);
    }
    return message;
  }

  /// Two words that stand beside each other in some message.
  private String phrase() throws IOException {
    while (true) {
      List<String> words = List.of(body().split(" ", -1));
      int first = random.nextInt(words.size());
      if (first + 1 < words.size() && isWord(words.get(first)) && isWord(words.get(first + 1))) {
        return words.get(first) + ' ' + words.get(first + 1);
      }
    }
  }

  /// Some letters from inside a word of some message.
  String insideWord() throws IOException {
    return piece(piece -> piece.chars().allMatch(Character::isLetter));
  }

  /// A piece of a line of some message, with punctuation between letters.
  String acrossPunctuation() throws IOException {
    return piece(
        piece ->
            Character.isLetter(piece.charAt(0))
                && PUNCTUATION.indexOf(piece.charAt(PIECE / 2)) >= 0
                && Character.isLetter(piece.charAt(PIECE - 1))
                && piece.chars().noneMatch(Character::isISOControl));
  }

  private String piece(Predicate<String> wanted) throws IOException {
    while (true) {
      String body = body();
      for (int i = 0; i < body.length() - PIECE; i++) {
        int at = random.nextInt(body.length() - PIECE);
        String piece = body.substring(at, at + PIECE);
        if (wanted.test(piece)) {
          return piece;
        }
      }
    }
  }

  /// The text parts of some message.
  private String body() throws IOException {
    Message message = message();
    StringBuilder body = new StringBuilder();
    archive
        .text(new Structured(message, archive.catalogue().messages().structure(message.number())))
        .forEach(
            section -> {
              if (section instanceof MessageText.Section.Body text) {
                body.append(text.extracted().text());
              }
              return true;
            });
    return body.toString();
  }

  private static boolean isWord(String text) {
    return text.length() >= MIN_WORD
        && text.length() <= MAX_WORD
        && text.chars().allMatch(letter -> letter >= 'a' && letter <= 'z')
        && !OPERATORS.contains(text);
  }

  private void readWords(IndexReader reader) throws IOException {
    @Nullable Terms terms = MultiTerms.getTerms(reader, Fields.BODY);
    if (terms == null) {
      throw new IllegalStateException("the index has no text");
    }
    TermsEnum each = terms.iterator();
    for (@Nullable BytesRef term = each.next(); term != null; term = each.next()) {
      String word = term.utf8ToString();
      if (isWord(word)) {
        int found = each.docFreq();
        if (found <= Math.max(RARE, messages / RARE_ONE_IN)) {
          rare.add(word);
        } else if (found >= messages / COMMON_ONE_IN) {
          common.add(word);
        }
      }
    }
  }

  private void readSenders(IndexReader reader) throws IOException {
    @Nullable Terms terms = MultiTerms.getTerms(reader, Fields.address(Fields.FROM));
    if (terms == null) {
      throw new IllegalStateException("the index has no senders");
    }
    TermsEnum each = terms.iterator();
    for (@Nullable BytesRef term = each.next(); term != null; term = each.next()) {
      String address = term.utf8ToString();
      if (address.indexOf('@') > 0 && address.chars().allMatch(MixedQueries::isPlain)) {
        senders.add(address);
      }
    }
  }

  private static boolean isPlain(int letter) {
    return ADDRESS.indexOf(letter) >= 0;
  }
}
