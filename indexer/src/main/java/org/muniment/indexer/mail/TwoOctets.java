package org.muniment.indexer.mail;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Charsets of East Asia in which a character has two octets, and how likely some octets are in
/// each. The shares are those of running text, roughly.
///
/// @param charset its name
/// @param trails second octets, from the first to the last of each range
/// @param rows how the first octets are spread
/// @param half whether 0xA1 to 0xDF stand alone, as katakana of half the width
/// @param ascii whether second octets below 0x80 are as frequent as others
record TwoOctets(String charset, List<int[]> trails, List<Rows> rows, boolean half, boolean ascii) {

  /// First octets of which each is about as frequent as the others.
  ///
  /// @param share of all characters that are in these rows
  /// @param common whether most characters of a text are in rows like these
  record Rows(int first, int last, double share, boolean common) {}

  private static final List<int[]> HIGH = List.of(new int[] {0xA1, 0xFE});
  private static final List<int[]> LOW_AND_HIGH =
      List.of(new int[] {0x40, 0x7E}, new int[] {0xA1, 0xFE});
  private static final List<int[]> ALL_BUT_DEL =
      List.of(new int[] {0x40, 0x7E}, new int[] {0x80, 0xFE});

  private static final List<TwoOctets> ALL =
      List.of(
          new TwoOctets(
              "gb18030",
              ALL_BUT_DEL,
              List.of(
                  new Rows(0xB0, 0xD7, 0.84, true),
                  new Rows(0xA1, 0xA1, 0.07, true),
                  new Rows(0xA3, 0xA3, 0.06, true),
                  new Rows(0xD8, 0xF7, 0.02, false),
                  new Rows(0xA2, 0xA9, 0.008, false),
                  new Rows(0x81, 0xFE, 0.002, false)),
              false,
              false),
          new TwoOctets(
              "big5",
              LOW_AND_HIGH,
              List.of(
                  new Rows(0xA1, 0xA1, 0.09, true),
                  new Rows(0xA4, 0xAB, 0.45, true),
                  new Rows(0xAC, 0xC6, 0.42, true),
                  new Rows(0xA2, 0xA3, 0.01, false),
                  new Rows(0xC9, 0xF9, 0.03, false)),
              false,
              true),
          new TwoOctets(
              "euc-kr",
              HIGH,
              List.of(
                  new Rows(0xB0, 0xC8, 0.96, true),
                  new Rows(0xA1, 0xA3, 0.02, false),
                  new Rows(0xA4, 0xAC, 0.005, false),
                  new Rows(0xCA, 0xFD, 0.015, false)),
              false,
              false),
          new TwoOctets(
              "euc-jp",
              HIGH,
              List.of(
                  new Rows(0xA4, 0xA4, 0.45, true),
                  new Rows(0xA5, 0xA5, 0.18, true),
                  new Rows(0xB0, 0xCF, 0.25, true),
                  new Rows(0xA1, 0xA1, 0.09, true),
                  new Rows(0xA2, 0xA8, 0.01, false),
                  new Rows(0xD0, 0xF4, 0.02, false)),
              false,
              false),
          new TwoOctets(
              "shift_jis",
              ALL_BUT_DEL,
              List.of(
                  new Rows(0x82, 0x82, 0.45, true),
                  new Rows(0x83, 0x83, 0.18, true),
                  new Rows(0x88, 0x97, 0.25, true),
                  new Rows(0x81, 0x81, 0.09, true),
                  new Rows(0x84, 0x84, 0.005, false),
                  new Rows(0x98, 0x9F, 0.015, false),
                  new Rows(0xE0, 0xFC, 0.01, false)),
              true,
              true));

  /// Of a hundred characters, how many are to be common ones.
  private static final int LEAST_COMMON = 85;

  private static final int LEAST_CHARACTERS = 2;

  /// Least characters for each octet that is none.
  private static final int RIGHT_FOR_WRONG = 50;

  /// From here on a second octet is usual in each of them.
  private static final int HIGH_TRAIL = 0xA1;

  /// Share of characters whose second octet is ASCII where that is not usual.
  private static final double RARE = 0.002;

  /// Logarithm of how likely an ASCII octet is, and katakana of half the width.
  private static final double ASCII = Math.log(1.0 / 80);

  private static final double HALF = Math.log(0.005 / 63);

  /// The charset in which the octets are the least surprising; empty where they are text in none.
  static Optional<Charset> of(byte[] octets) {
    String best = "";
    double likelihood = Double.NEGATIVE_INFINITY;
    for (TwoOctets candidate : ALL) {
      Reading reading = candidate.new Reading(octets);
      if (reading.isText() && reading.likelihood > likelihood) {
        likelihood = reading.likelihood;
        best = candidate.charset;
      }
    }
    return Charsets.find(best);
  }

  private boolean isTrail(int octet) {
    // No streams here and below: this is asked for every character.
    for (int[] range : trails) {
      if (octet >= range[0] && octet <= range[1]) {
        return true;
      }
    }
    return false;
  }

  private int trailCount() {
    int count = 0;
    for (int[] range : trails) {
      count += range[1] - range[0] + 1;
    }
    return count;
  }

  private @Nullable Rows rows(int lead) {
    for (Rows some : rows) {
      if (lead >= some.first() && lead <= some.last()) {
        return some;
      }
    }
    return null;
  }

  /// Octets read as text of the charset.
  private final class Reading {
    private final byte[] octets;
    private double likelihood;
    private int characters;
    private int common;
    private int wrong;
    private boolean besides;

    Reading(byte[] octets) {
      this.octets = octets;
    }

    /// Whether the octets are such text.
    boolean isText() {
      int at = 0;
      while (at < octets.length) {
        int length = character(at);
        wrong += length == 0 ? 1 : 0;
        at += Math.max(1, length);
      }
      return characters >= LEAST_CHARACTERS
          && wrong * RIGHT_FOR_WRONG <= characters
          && common * 100 >= characters * LEAST_COMMON;
    }

    /// Number of octets of the character at an index, 0 where there is none.
    private int character(int at) {
      int lead = octets[at] & 0xFF;
      if (lead < 0x80) {
        likelihood += ASCII;
        besides = false;
        return 1;
      }
      if (half && lead >= 0xA1 && lead <= 0xDF) {
        likelihood += HALF;
        characters++;
        besides = true;
        return 1;
      }
      // The sample may end inside a character.
      return at + 1 == octets.length || pair(at, lead, octets[at + 1] & 0xFF) ? 2 : 0;
    }

    private boolean pair(int at, int lead, int trail) {
      @Nullable Rows found = rows(lead);
      if (found == null || !isTrail(trail)) {
        return false;
      }
      double share = trail < 0x80 && !ascii ? RARE : found.share();
      likelihood += Math.log(share / (found.last() - found.first() + 1) / trailCount());
      // A letter with an accent before one without is such a pair too, but stands alone.
      besides |= at + 2 < octets.length && octets[at + 2] < 0;
      boolean usual = trail >= HIGH_TRAIL || (ascii && (trail >= 0x80 || besides));
      common += found.common() && usual ? 1 : 0;
      characters++;
      besides = true;
      return true;
    }
  }
}
