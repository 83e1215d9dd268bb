package org.muniment.indexer.text;

import java.security.SecureRandom;
import java.util.stream.LongStream;

/// The distinct grams of texts: every three UTF-16 units that follow each other in the text as it
/// is compared, folded (see [CaseFold]). What stands in a text has all its grams there, so that few
/// texts need be read to find it.
///
/// A text ends with two units U+0000 in its grams, so that of a value of one or two units there is
/// a gram that begins with it wherever it stands.
public final class Grams {

  /// Units of a gram.
  public static final int LENGTH = 3;

  /// Most distinct grams that are held; a text of more says nothing of where it has them.
  static final int MOST = 1 << 20;

  private static final int UNIT = 16;
  private static final long MASK = (1L << (LENGTH * UNIT)) - 1;

  /// No gram: only units of U+0000, which no text but for its end has.
  private static final long NONE = 0;

  /// Odd, and another in each process, so that nobody can write a text whose grams all want the
  /// same slot.
  private static final long MULTIPLIER = new SecureRandom().nextLong() | 1;

  /// Room for twice as many, so that searches are short.
  private long[] slots = new long[1 << 11];

  private int count;

  /// The grams of a text join the others.
  void add(String folded) {
    Run run = new Run();
    run.add(folded);
    run.end();
  }

  /// The grams of a text that is not folded yet, and never is as a whole, join the others.
  void fold(String text) {
    Run run = new Run();
    CaseFold.anyPiece(
        text,
        piece -> {
          run.add(piece);
          return !isComplete();
        });
    run.end();
  }

  /// What was met of a text.
  private final class Run {

    private long gram;
    private int units;

    private void add(String folded) {
      for (int i = 0; i < folded.length() && isComplete(); i++) {
        gram = ((gram << UNIT) | folded.charAt(i)) & MASK;
        units = Math.min(units + 1, LENGTH);
        if (units == LENGTH) {
          put(gram);
        }
      }
    }

    private void end() {
      for (int i = units == 1 ? 2 : 1; units > 0 && i < LENGTH; i++) {
        put((gram << (i * UNIT)) & MASK);
      }
    }
  }

  private void put(long gram) {
    if (gram == NONE) {
      return;
    }
    int at = slot(slots, gram);
    if (slots[at] == NONE) {
      slots[at] = gram;
      if (++count * 2 > slots.length) {
        grow();
      }
    }
  }

  private static int slot(long[] slots, long gram) {
    int at = (int) ((gram * MULTIPLIER) >>> 40) & (slots.length - 1);
    while (slots[at] != NONE && slots[at] != gram) {
      at = (at + 1) & (slots.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    for (long gram : slots) {
      if (gram != NONE) {
        larger[slot(larger, gram)] = gram;
      }
    }
    slots = larger;
  }

  /// Whether all grams of the texts are here.
  public boolean isComplete() {
    return count < MOST;
  }

  /// The grams, each once.
  public long[] distinct() {
    return LongStream.of(slots).filter(gram -> gram != NONE).toArray();
  }

  /// The grams that a text has in which a value stands; none where the value, folded, has fewer
  /// than [#LENGTH] units.
  public static long[] within(String value) {
    Grams grams = new Grams();
    String folded = CaseFold.fold(value);
    for (int i = LENGTH; i <= folded.length() && grams.isComplete(); i++) {
      grams.put(gram(folded, i - LENGTH));
    }
    return grams.distinct();
  }

  private static long gram(String folded, int from) {
    long gram = 0;
    for (int i = from; i < from + LENGTH; i++) {
      gram = (gram << UNIT) | folded.charAt(i);
    }
    return gram;
  }

  /// A value as it is compared.
  public static String folded(String value) {
    return CaseFold.fold(value);
  }

  /// Units of a gram, the first first.
  public static char unit(long gram, int index) {
    return (char) (gram >>> ((LENGTH - 1 - index) * UNIT));
  }
}
