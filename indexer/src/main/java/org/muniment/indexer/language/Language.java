package org.muniment.indexer.language;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The language of a text, as ISO 639-1 code. A script that one language has says it at once, other
/// texts are told by letters that only one of the languages in question has, or by the most common
/// words of [CommonWords]. The same text has the same language always; lines that begin with `>`,
/// which are quoted, do not count.
public final class Language {

  /// What a text has whose language cannot be told: too short, mixed, or not known here.
  public static final String UNKNOWN = "und";

  /// Letters that are looked at.
  private static final int MAX_LETTERS = 1_000;

  /// Characters that are looked at, letters or not.
  private static final int MAX_CHARS = 10_000;

  /// Part of the letters that the script of a text has at least.
  private static final double MAIN_SCRIPT = 0.5;

  /// Part of Chinese and Japanese characters that are kana in Japanese, at least.
  private static final double KANA = 0.05;

  /// Part of the letters that are peculiar to a language in a text of it, at least.
  private static final double PECULIAR = 0.004;

  /// Letters before this one are Latin.
  private static final int FIRST_NOT_LATIN = 0x250;

  private static final String PERSIAN = "\u067e\u0686\u0698\u06a9\u06af\u06cc";
  private static final String URDU = "\u0679\u0688\u0691\u06ba\u06d2";
  private static final String UKRAINIAN = "\u0456\u0457\u0454\u0491";
  private static final String BELARUSIAN = "\u045e";
  private static final String SERBIAN = "\u0452\u0458\u0459\u045a\u045b\u045f";
  private static final String RUSSIAN = "\u044b\u044d\u0451";
  private static final String BULGARIAN = "\u044a";

  private final Map<UnicodeScript, Integer> scripts = new EnumMap<>(UnicodeScript.class);
  private int latin;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder letters = new StringBuilder();
  private final StringBuilder word = new StringBuilder();

  private Language(CharSequence text) {
    int end = Math.min(text.length(), MAX_CHARS);
    boolean quoted = false;
    boolean lineBegins = true;
    for (int at = 0; at < end && letters.length() < MAX_LETTERS; ) {
      int c = Character.codePointAt(text, at);
      at += Character.charCount(c);
      quoted = lineBegins ? c == '>' : quoted;
      lineBegins = c == '\n';
      take(quoted ? ' ' : c);
    }
    take(' ');
    scripts.merge(UnicodeScript.LATIN, latin, Integer::sum);
  }

  /// The language of a text; [#UNKNOWN] where that cannot be told.
  public static String of(CharSequence text) {
    return new Language(text).language();
  }

  private void take(int c) {
    if (c < 0x80 ? isAsciiLetter(c) : Character.isLetter(c) || isMark(c)) {
      int lower = Character.toLowerCase(c);
      word.appendCodePoint(lower);
      letters.appendCodePoint(lower);
      if (c < FIRST_NOT_LATIN) {
        latin++;
      } else {
        scripts.merge(UnicodeScript.of(c), 1, Integer::sum);
      }
    } else if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static boolean isAsciiLetter(int c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  // Vowel signs of Indic scripts are marks, and belong to the word.
  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private String language() {
    int all = scripts.values().stream().mapToInt(Integer::intValue).sum();
    if (count(UnicodeScript.HAN) + kana() > all * MAIN_SCRIPT) {
      return kana() > KANA * (count(UnicodeScript.HAN) + kana()) ? "ja" : "zh";
    }
    return scripts.entrySet().stream()
        .filter(entry -> entry.getValue() > all * MAIN_SCRIPT)
        .map(entry -> of(entry.getKey()))
        .findFirst()
        .orElse(UNKNOWN);
  }

  private int count(UnicodeScript script) {
    return scripts.getOrDefault(script, 0);
  }

  private int kana() {
    return count(UnicodeScript.HIRAGANA) + count(UnicodeScript.KATAKANA);
  }

  private String of(UnicodeScript script) {
    return switch (script) {
      case HANGUL -> "ko";
      case THAI -> "th";
      case HEBREW -> "he";
      case GREEK -> "el";
      case GEORGIAN -> "ka";
      case ARMENIAN -> "hy";
      case TAMIL -> "ta";
      case TELUGU -> "te";
      case BENGALI -> "bn";
      case ARABIC -> has(URDU) ? "ur" : has(PERSIAN) ? "fa" : "ar";
      case CYRILLIC -> cyrillic();
      default -> CommonWords.language(words);
    };
  }

  private String cyrillic() {
    if (has(SERBIAN)) {
      return "sr";
    }
    if (has(BELARUSIAN)) {
      return "be";
    }
    if (has(UKRAINIAN)) {
      return "uk";
    }
    return has(RUSSIAN) ? "ru" : has(BULGARIAN) ? "bg" : UNKNOWN;
  }

  private boolean has(String peculiar) {
    long found = letters.chars().filter(c -> peculiar.indexOf(c) >= 0).count();
    return found > 0 && found >= letters.length() * PECULIAR;
  }
}
