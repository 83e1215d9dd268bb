package org.muniment.indexer.mail;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// The charset of 8-bit text that is no UTF-8 and names none. The same octets have the same answer.
///
/// Charsets of two octets for a character are told apart here, as their texts in mail are often too
/// short for statistics of whole languages: each model says how the first octets are spread in it,
/// and the one wins in which the octets are the least surprising. The others are left to ICU, but
/// only where octets above 0x7F stand side by side, as in Cyrillic or Greek; what has them one by
/// one is Western.
final class CharsetDetection {

  /// Most octets that are looked at, from the first one above 0x7F on.
  static final int MAX_OCTETS = 8000;

  /// Least characters beyond ASCII that are right in UTF-8 where others are wrong.
  private static final int LEAST_RIGHT = 4;

  /// Least octets above 0x7F from which ICU is asked.
  private static final int LEAST_HIGH = 4;

  /// Small letters of KOI8-R.
  private static final int FIRST_SMALL = 0xC0;

  private static final int LAST_SMALL = 0xDF;

  /// Least octets above 0x7F that do not lie in so few rows by chance.
  private static final int LEAST_SMALL = 12;

  /// Least octets above 0x7F of Western text from which it is asked which one.
  private static final int LEAST_LATIN = 32;

  /// Least confidence of ICU, of 100.
  private static final int LEAST_CONFIDENCE = 10;

  /// By how much another Latin charset must be more likely than [Charsets#WESTERN].
  private static final int LATIN_MARGIN = 10;

  private static final Set<String> LATIN =
      Set.of(
          "ISO-8859-1", "windows-1252", "ISO-8859-2", "windows-1250", "ISO-8859-9", "windows-1254");

  private static final Set<String> OTHER =
      Set.of(
          "ISO-8859-5",
          "ISO-8859-6",
          "ISO-8859-7",
          "ISO-8859-8",
          "windows-1251",
          "windows-1253",
          "windows-1255",
          "windows-1256",
          "KOI8-R");

  private final byte[] sample;
  private final int high;
  private final boolean sideBySide;

  private CharsetDetection(byte[] octets) {
    int from = 0;
    while (from < octets.length && octets[from] >= 0) {
      from++;
    }
    sample = Arrays.copyOfRange(octets, from, Math.min(octets.length, from + MAX_OCTETS));
    int highOctets = 0;
    int neighbours = 0;
    for (int i = 0; i < sample.length; i++) {
      if (sample[i] < 0) {
        highOctets++;
        boolean beside =
            (i > 0 && sample[i - 1] < 0) || (i + 1 < sample.length && sample[i + 1] < 0);
        neighbours += beside ? 1 : 0;
      }
    }
    high = highOctets;
    sideBySide = neighbours * 10 >= highOctets * 7;
  }

  /// The most likely charset; [Charsets#WESTERN] where nothing says otherwise.
  static Charset of(byte[] octets) {
    CharsetDetection detection = new CharsetDetection(octets);
    return detection
        .brokenUtf8()
        .or(
            () ->
                detection.keepsToSmallLetters() ? Optional.empty() : TwoOctets.of(detection.sample))
        .or(detection::byLanguage)
        .orElse(Charsets.WESTERN);
  }

  /// UTF-8 in which a few octets are wrong.
  private Optional<Charset> brokenUtf8() {
    String text = new String(sample, StandardCharsets.UTF_8);
    long right = Charsets.right(text);
    return right >= LEAST_RIGHT && right > 2 * Charsets.wrong(text)
        ? Optional.of(StandardCharsets.UTF_8)
        : Optional.empty();
  }

  /// Whether nine of ten octets above 0x7F are small letters, if this is KOI8-R. Where all words
  /// have an even length they make pairs too, but no pairs of a running text keep to these rows.
  private boolean keepsToSmallLetters() {
    int small = 0;
    for (byte octet : sample) {
      int value = octet & 0xFF;
      small += value >= FIRST_SMALL && value <= LAST_SMALL ? 1 : 0;
    }
    return high >= LEAST_SMALL && small * 10 >= high * 9;
  }

  private Optional<Charset> byLanguage() {
    if (high < (sideBySide ? LEAST_HIGH : LEAST_LATIN)) {
      return Optional.empty();
    }
    CharsetMatch[] matches = new CharsetDetector().setText(sample).detectAll();
    return sideBySide ? other(matches) : latin(matches);
  }

  private static Optional<Charset> other(CharsetMatch[] matches) {
    return Arrays.stream(matches)
        .filter(match -> OTHER.contains(match.getName()))
        .filter(match -> match.getConfidence() >= LEAST_CONFIDENCE)
        .findFirst()
        .flatMap(match -> Charsets.find(match.getName()));
  }

  private static Optional<Charset> latin(CharsetMatch[] matches) {
    int western =
        Arrays.stream(matches)
            .filter(match -> match.getName().equals("ISO-8859-1") || isWestern(match))
            .mapToInt(CharsetMatch::getConfidence)
            .max()
            .orElse(0);
    return Arrays.stream(matches)
        .filter(match -> LATIN.contains(match.getName()))
        .findFirst()
        .filter(match -> match.getConfidence() > western + LATIN_MARGIN)
        .flatMap(match -> Charsets.find(match.getName()));
  }

  private static boolean isWestern(CharsetMatch match) {
    return match.getName().equals("windows-1252");
  }
}
