package org.muniment.archive.crypto;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A root key as words that can be pronounced, written on paper and typed again: sixteen for the
/// key and one that checks them. Each is a proquint (arXiv 0901.4016): five letters for 16 bits,
/// big-endian, consonants for four bits each and vowels for two.
///
/// ```
/// words = proquint(key[0..1]) ... proquint(key[30..31]) proquint(first 2 octets of SHA-256(key))
/// ```
///
/// @param words seventeen proquints, in small letters
public record RootKeyWords(List<String> words) {

  /// Number of words.
  public static final int COUNT = 17;

  private static final String CONSONANTS = "bdfghjklmnprstvz";
  private static final String VOWELS = "aiou";
  private static final int LETTERS = 5;

  /// @throws IllegalArgumentException when they are not so many words, or one is no proquint; the
  ///   message says which, and repeats none
  public RootKeyWords {
    words = List.copyOf(words);
    for (int i = 0; i < words.size(); i++) {
      if (!isProquint(words.get(i))) {
        throw new IllegalArgumentException(
            "word "
                + (i + 1)
                + " is none of a root key's: expected five letters such as \"lusab\"");
      }
    }
    if (words.size() != COUNT) {
      throw new IllegalArgumentException(
          "a root key has " + COUNT + " words, and these are " + words.size());
    }
  }

  /// The words of a key.
  public static RootKeyWords of(SoftwareRootKey key) {
    byte[] octets = key.octets();
    ByteBuffer buffer = ByteBuffer.wrap(octets);
    List<String> words = new ArrayList<>(COUNT);
    while (buffer.hasRemaining()) {
      words.add(proquint(buffer.getShort()));
    }
    words.add(proquint(check(octets)));
    return new RootKeyWords(words);
  }

  /// Reads words as people write them: large or small letters, whatever is no letter between them.
  ///
  /// @throws IllegalArgumentException as the constructor does
  public static RootKeyWords parse(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (char c : (text + " ").toLowerCase(Locale.ROOT).toCharArray()) {
      if (Character.isLetter(c)) {
        word.append(c);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    return new RootKeyWords(words);
  }

  /// The key that these are the words of.
  ///
  /// @throws IllegalArgumentException when the last word does not fit the others
  public SoftwareRootKey key() {
    ByteBuffer octets = ByteBuffer.allocate(SoftwareRootKey.LENGTH);
    for (String word : words.subList(0, COUNT - 1)) {
      octets.putShort(bits(word));
    }
    if (bits(words.getLast()) != check(octets.array())) {
      throw new IllegalArgumentException(
          "the last word, which checks the others, does not fit them: at least one is another than"
              + " was exported");
    }
    return SoftwareRootKey.of(octets.array());
  }

  private static short check(byte[] key) {
    return ByteBuffer.wrap(SoftwareRootKey.sha256().digest(key)).getShort();
  }

  private static String proquint(short bits) {
    int[] parts = {
      bits >> 12 & 0xf, bits >> 10 & 0x3, bits >> 6 & 0xf, bits >> 4 & 0x3, bits & 0xf
    };
    StringBuilder word = new StringBuilder(LETTERS);
    for (int i = 0; i < LETTERS; i++) {
      word.append(letters(i).charAt(parts[i]));
    }
    return word.toString();
  }

  private static short bits(String proquint) {
    int bits = 0;
    for (int i = 0; i < LETTERS; i++) {
      bits = bits << (i % 2 == 0 ? 4 : 2) | letters(i).indexOf(proquint.charAt(i));
    }
    return (short) bits;
  }

  private static boolean isProquint(String word) {
    boolean right = word.length() == LETTERS;
    for (int i = 0; right && i < LETTERS; i++) {
      right = letters(i).indexOf(word.charAt(i)) >= 0;
    }
    return right;
  }

  private static String letters(int position) {
    return position % 2 == 0 ? CONSONANTS : VOWELS;
  }

  /// Nothing of the secret.
  @Override
  public String toString() {
    return COUNT + " words of a root key";
  }
}
