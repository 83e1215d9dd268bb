package org.muniment.archive.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Text of natural entropy in a language that nobody speaks. A vocabulary whose frequencies follow
/// Zipf's law, in which each word has followers that it likes: what a compressor finds in it is
/// about what it finds in mail.
final class Words {

  private static final int VOCABULARY = 9_000;
  private static final int FOLLOWERS = 24;

  /// How often a word is followed by one of its followers.
  private static final double HABIT = 0.46;

  /// How often a word is one that the text is about.
  private static final double TOPIC = 0.06;

  private static final int TOPICS = 12;
  private static final double NUMBER = 0.025;

  private final List<String> words;
  private final double[] cumulative = new double[VOCABULARY];
  private final int[][] followers = new int[VOCABULARY][FOLLOWERS];

  Words(Language language) {
    SplittableRandom random = new SplittableRandom(language.name().hashCode());
    words = vocabulary(language, random);
    double sum = 0;
    for (int rank = 0; rank < VOCABULARY; rank++) {
      sum += 1 / (rank + 2.7);
      cumulative[rank] = sum;
    }
    for (int[] likes : followers) {
      Arrays.setAll(likes, i -> any(random));
    }
  }

  /// The frequent words are the short ones.
  private static List<String> vocabulary(Language language, RandomGenerator random) {
    List<String> onsets = language.onsets();
    List<String> nuclei = language.nuclei();
    List<String> codas = language.codas();
    Set<String> words = new LinkedHashSet<>();
    while (words.size() < VOCABULARY) {
      int rank = words.size();
      int longest = rank < 80 ? 1 : rank < 800 ? 2 : rank < 4_000 ? 3 : 4;
      StringBuilder word = new StringBuilder();
      for (int left = longest - random.nextInt(2); left >= 0 && word.length() < 14; left--) {
        word.append(pick(onsets, random)).append(pick(nuclei, random));
        if (left <= 1) {
          word.append(pick(codas, random));
          break;
        }
      }
      words.add(word.toString());
    }
    return new ArrayList<>(words);
  }

  private static String pick(List<String> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }

  private int any(RandomGenerator random) {
    double at = random.nextDouble() * cumulative[VOCABULARY - 1];
    int found = Arrays.binarySearch(cumulative, at);
    return Math.min(VOCABULARY - 1, found < 0 ? -found - 1 : found);
  }

  /// A few words with capitals, such as a subject or a name of a file has.
  String title(RandomGenerator random, int count) {
    StringBuilder title = new StringBuilder();
    for (int i = 0; i < count; i++) {
      title.append(i == 0 ? "" : " ").append(capital(rare(random)));
    }
    return title.toString();
  }

  /// A single word with a capital.
  String name(RandomGenerator random) {
    return capital(rare(random));
  }

  private String rare(RandomGenerator random) {
    return words.get(100 + random.nextInt(VOCABULARY - 100));
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /// Paragraphs of sentences; a paragraph is one line, and an empty line stands between two.
  ///
  /// @param characters about how many
  String text(RandomGenerator random, int characters) {
    int[] topics = new int[TOPICS];
    Arrays.setAll(topics, i -> random.nextInt(VOCABULARY));
    StringBuilder text = new StringBuilder(characters + 200);
    while (text.length() < characters) {
      int sentences = 1 + random.nextInt(5);
      for (int i = 0; i < sentences && text.length() < characters; i++) {
        sentence(random, topics, text);
        text.append(i == sentences - 1 ? "" : " ");
      }
      text.append("\n\n");
    }
    return text.toString().strip() + "\n";
  }

  private void sentence(RandomGenerator random, int[] topics, StringBuilder text) {
    int length = 3 + random.nextInt(18);
    int word = any(random);
    for (int i = 0; i < length; i++) {
      if (i > 0) {
        text.append(random.nextInt(9) == 0 ? ", " : " ");
      }
      if (random.nextDouble() < NUMBER) {
        text.append(number(random));
      } else {
        text.append(i == 0 ? capital(words.get(word)) : words.get(word));
      }
      word = next(word, random, topics);
    }
    text.append(random.nextInt(8) == 0 ? '?' : '.');
  }

  private int next(int word, RandomGenerator random, int[] topics) {
    double chance = random.nextDouble();
    if (chance < HABIT) {
      // The first of them are liked most.
      double skew = random.nextDouble();
      return followers[word][(int) (skew * skew * FOLLOWERS)];
    }
    return chance < HABIT + TOPIC ? topics[random.nextInt(TOPICS)] : any(random);
  }

  private static String number(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> Integer.toString(random.nextInt(100));
      case 1 -> "%d.%02d".formatted(random.nextInt(10_000), random.nextInt(100));
      case 2 ->
          "%02d.%02d.20%02d"
              .formatted(1 + random.nextInt(28), 1 + random.nextInt(12), 10 + random.nextInt(16));
      default -> Integer.toString(random.nextInt(1_000_000));
    };
  }
}
