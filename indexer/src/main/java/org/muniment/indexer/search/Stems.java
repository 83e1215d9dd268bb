package org.muniment.indexer.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.index.Fields;
import org.tartarus.snowball.SnowballStemmer;
import org.tartarus.snowball.ext.DanishStemmer;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EnglishStemmer;
import org.tartarus.snowball.ext.FinnishStemmer;
import org.tartarus.snowball.ext.FrenchStemmer;
import org.tartarus.snowball.ext.GermanStemmer;
import org.tartarus.snowball.ext.HungarianStemmer;
import org.tartarus.snowball.ext.ItalianStemmer;
import org.tartarus.snowball.ext.NorwegianStemmer;
import org.tartarus.snowball.ext.PortugueseStemmer;
import org.tartarus.snowball.ext.RomanianStemmer;
import org.tartarus.snowball.ext.RussianStemmer;
import org.tartarus.snowball.ext.SpanishStemmer;
import org.tartarus.snowball.ext.SwedishStemmer;
import org.tartarus.snowball.ext.TurkishStemmer;

/// Finds the words of an index that have the stem of another, in the languages of its messages, by
/// the algorithms of Snowball. The index holds words as they stand, so that none is lost; what is
/// alike is found when somebody asks.
///
/// Words are in the form of the index, without accents: `hauser` for `Häuser`. The algorithms see
/// both words so, which costs a few of their rules and keeps them fair.
///
/// Not safe for use by many threads.
final class Stems {

  /// Where words are of a language; elsewhere are names.
  private static final Set<String> STEMMED = Set.of(Fields.SUBJECT, Fields.BODY, Fields.ATTACHMENT);

  /// Letters of the shortest word that has others of its stem.
  private static final int SHORTEST = 3;

  /// Letters that all words of a stem begin with, at least.
  private static final int SHORTEST_BEGINNING = 3;

  /// Letters that a word may be longer than the one that is looked for.
  private static final int LONGER = 8;

  /// Most words of a field that are looked at; a word counts once for each segment.
  private static final int MAX_LOOKED_AT = 2_000;

  /// Most words that stand for one; the most frequent.
  private static final int MAX_ALIKE = 50;

  /// Most languages whose rules are tried; those of the most messages.
  private static final int MAX_LANGUAGES = 6;

  private static final Map<String, Supplier<SnowballStemmer>> RULES =
      Map.ofEntries(
          Map.entry("da", DanishStemmer::new),
          Map.entry("de", GermanStemmer::new),
          Map.entry("en", EnglishStemmer::new),
          Map.entry("es", SpanishStemmer::new),
          Map.entry("fi", FinnishStemmer::new),
          Map.entry("fr", FrenchStemmer::new),
          Map.entry("hu", HungarianStemmer::new),
          Map.entry("it", ItalianStemmer::new),
          Map.entry("nb", NorwegianStemmer::new),
          Map.entry("nl", DutchStemmer::new),
          Map.entry("pt", PortugueseStemmer::new),
          Map.entry("ro", RomanianStemmer::new),
          Map.entry("ru", RussianStemmer::new),
          Map.entry("sv", SwedishStemmer::new),
          Map.entry("tr", TurkishStemmer::new));

  private final IndexReader reader;
  private @Nullable List<SnowballStemmer> rules;

  Stems(IndexReader reader) {
    this.reader = reader;
  }

  /// The words of a field that stand for one that is looked for, beside itself: none for several
  /// words, for the beginning of one, for names, and where the word itself is wanted.
  List<String> alike(String field, Query.Words words) throws IOException {
    if (words.exact() || words.prefix() || !STEMMED.contains(field)) {
      return List.of();
    }
    List<String> terms = WordsQuery.terms(words.text());
    return terms.size() == 1 ? alike(field, terms.getFirst()) : List.of();
  }

  /// The other words of a field that have the stem of a word, in any of the languages.
  ///
  /// @param word as it stands in the index
  List<String> alike(String field, String word) throws IOException {
    if (word.length() < SHORTEST || !word.chars().allMatch(Character::isLetter)) {
      return List.of();
    }
    List<Stem> stems = rules().stream().map(rule -> Stem.of(rule, word)).toList();
    return stems.isEmpty() ? List.of() : alike(field, word, stems);
  }

  /// A stem in one language.
  ///
  /// @param beginning what words of the stem begin with
  private record Stem(SnowballStemmer rule, String text, String beginning) {

    static Stem of(SnowballStemmer rule, String word) {
      String stem = stem(rule, word);
      int same = 0;
      while (same < Math.min(word.length(), stem.length())
          && word.charAt(same) == stem.charAt(same)) {
        same++;
      }
      // The last letter of a stem may be another in its words: parti, party.
      int length = Math.max(Math.min(SHORTEST_BEGINNING, word.length()), same - 1);
      return new Stem(rule, stem, word.substring(0, length));
    }

    boolean isOf(String word) {
      return word.startsWith(beginning) && stem(rule, word).equals(text);
    }

    private static String stem(SnowballStemmer rule, String word) {
      rule.setCurrent(word);
      rule.stem();
      return rule.getCurrent();
    }
  }

  private List<String> alike(String field, String word, List<Stem> stems) throws IOException {
    String shortest =
        stems.stream()
            .map(Stem::beginning)
            .min(Comparator.comparingInt(String::length))
            .orElseThrow();
    Map<String, Integer> counts = new HashMap<>();
    int left = MAX_LOOKED_AT;
    for (LeafReaderContext leaf : reader.leaves()) {
      Terms words = leaf.reader().terms(field);
      if (words != null && left > 0) {
        left -= count(words.iterator(), new BytesRef(shortest), left, counts);
      }
    }
    counts.remove(word);
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().length() <= word.length() + LONGER)
        .filter(entry -> stems.stream().anyMatch(stem -> stem.isOf(entry.getKey())))
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_ALIKE)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// @return number of words looked at
  private static int count(
      TermsEnum words, BytesRef beginning, int most, Map<String, Integer> counts)
      throws IOException {
    int looked = 0;
    boolean more = words.seekCeil(beginning) != TermsEnum.SeekStatus.END;
    while (more && looked < most && StringHelper.startsWith(words.term(), beginning)) {
      counts.merge(words.term().utf8ToString(), words.docFreq(), Integer::sum);
      looked++;
      more = words.next() != null;
    }
    return looked;
  }

  private List<SnowballStemmer> rules() throws IOException {
    if (rules == null) {
      Map<String, Integer> messages = new HashMap<>();
      for (String language : RULES.keySet()) {
        int count = reader.docFreq(new Term(Fields.LANGUAGE, language));
        if (count > 0) {
          messages.put(language, count);
        }
      }
      rules = new ArrayList<>(mostUsed(messages).map(Stems::rule).toList());
    }
    return rules;
  }

  private static Stream<String> mostUsed(Map<String, Integer> messages) {
    return messages.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_LANGUAGES)
        .map(Map.Entry::getKey);
  }

  private static SnowballStemmer rule(String language) {
    return Objects.requireNonNull(RULES.get(language)).get();
  }
}
