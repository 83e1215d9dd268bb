package org.muniment.indexer.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Raw header text to what a person reads: encoded words (RFC 2047), parameters (RFC 2231), raw
/// octets (UTF-8 as RFC 6532 has it, else in a charset that is likely or detected). Nothing throws;
/// control characters become spaces.
public final class HeaderText {

  private static final int MAX_CHARSET = 64;

  private static final char ESCAPE = 0x1B;

  /// Most pieces of a parameter that are joined (RFC 2231 section 3).
  private static final int MAX_PIECES = ContentFields.MAX_PARAMETERS;

  private HeaderText() {}

  /// Decodes encoded words and raw 8-bit octets. What only looks like an encoded word stays as it
  /// is. Octets of adjacent words of one charset are decoded together, so that a character that was
  /// split between them is whole again.
  ///
  /// @param raw each octet one ISO-8859-1 character
  public static String decode(String raw) {
    return decode(raw, null);
  }

  /// As [#decode(String)].
  ///
  /// @param likely charset of raw octets that are no UTF-8, such as the one that the message names
  ///   for its text; null where there is none
  public static String decode(String raw, @Nullable Charset likely) {
    return new Decoder(raw, likely).decode();
  }

  /// A parameter decoded: its pieces joined (RFC 2231), else its encoded words (RFC 2047, which
  /// does not allow them there).
  ///
  /// @param parameters their names in lower case
  /// @param name in lower case, without `*`
  public static Optional<String> parameter(List<Part.Parameter> parameters, String name) {
    return find(parameters, name + "*")
        .map(HeaderText::extended)
        .or(() -> pieces(parameters, name))
        .or(() -> find(parameters, name).map(HeaderText::decode));
  }

  private static Optional<String> find(List<Part.Parameter> parameters, String name) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(Part.Parameter::value)
        .findFirst();
  }

  // extended-initial-value := [charset] "'" [language] "'" *( ext-octet / attribute-char )
  private static String extended(String value) {
    int first = value.indexOf('\'');
    int second = value.indexOf('\'', first + 1);
    if (first < 0 || second < 0) {
      return clean(Charsets.guess(unescape(value)));
    }
    byte[] octets = unescape(value.substring(second + 1));
    return clean(text(octets, value.substring(0, first)));
  }

  // Some senders begin with 1.
  // initial-section := "*0" ; other-sections := "*" section-number ["*"]
  private static Optional<String> pieces(List<Part.Parameter> parameters, String name) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    String charset = "";
    boolean anyExtended = false;
    for (int i = 0; i < MAX_PIECES; i++) {
      Optional<String> plain = find(parameters, name + "*" + i);
      Optional<String> extended = find(parameters, name + "*" + i + "*");
      if (extended.isPresent()) {
        String value = extended.get();
        int first = i == 0 ? value.indexOf('\'') : -1;
        int second = value.indexOf('\'', first + 1);
        if (first >= 0 && second >= 0) {
          charset = value.substring(0, first);
          value = value.substring(second + 1);
        }
        octets.writeBytes(unescape(value));
        anyExtended = true;
      } else if (plain.isPresent()) {
        octets.writeBytes(latin1(plain.get()));
      } else if (i > 0) {
        break;
      }
    }
    if (octets.size() == 0) {
      return Optional.empty();
    }
    byte[] all = octets.toByteArray();
    return Optional.of(
        anyExtended
            ? clean(text(all, charset))
            : decode(new String(all, StandardCharsets.ISO_8859_1)));
  }

  // ext-octet := "%" 2(DIGIT / "A" / "B" / "C" / "D" / "E" / "F")
  private static byte[] unescape(String value) {
    return unescape(value, '%');
  }

  private static byte[] unescape(String value, char escape) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(value.length());
    for (int i = 0; i < value.length(); i++) {
      int octet = value.charAt(i) == escape ? hexPair(value, i + 1) : -1;
      octets.write(octet < 0 ? value.charAt(i) : octet);
      i += octet < 0 ? 0 : 2;
    }
    return octets.toByteArray();
  }

  private static int hexPair(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] octets, String charsetName) {
    Optional<Charset> charset = Charsets.find(charsetName);
    return charset.isPresent()
        ? Charsets.decode(octets, charset.get()).text()
        : Charsets.guess(octets);
  }

  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /// One encoded word.
  ///
  /// @param base64 whether it is encoded so, else quoted
  private record Word(String charset, boolean base64, String encoded, int end) {

    /// Whether its base64 breaks off inside an octet, so that the next word must go on with it:
    /// what is left of the last character is not only zeros.
    boolean isOpen() {
      int count = 0;
      int last = 0;
      for (int i = 0; base64 && i < encoded.length(); i++) {
        int sextet = sextet(encoded.charAt(i));
        last = sextet < 0 ? last : sextet;
        count = encoded.charAt(i) == '=' ? 0 : count + (sextet < 0 ? 0 : 1);
      }
      return switch (count % 4) {
        case 1 -> true;
        case 2 -> (last & 0x0F) != 0;
        case 3 -> (last & 0x03) != 0;
        default -> false;
      };
    }
  }

  private static final class Decoder {
    private final String raw;
    private final StringBuilder text = new StringBuilder();
    private final @Nullable Charset likely;
    private @Nullable Charset eightBit;
    private int plainFrom;
    private boolean noMoreEnds;

    Decoder(String raw, @Nullable Charset likely) {
      this.raw = raw;
      this.likely = likely;
    }

    String decode() {
      int at = raw.indexOf("=?");
      while (at >= 0) {
        Word word = word(at);
        if (word == null) {
          at = raw.indexOf("=?", at + 2);
        } else {
          plain(at);
          at = raw.indexOf("=?", words(word));
        }
      }
      plain(raw.length());
      return clean(text.toString());
    }

    private void plain(int end) {
      String run = raw.substring(plainFrom, end);
      boolean ascii = run.chars().allMatch(c -> c < 0x80 && c != ESCAPE);
      text.append(ascii ? run : octets(latin1(run)));
    }

    private String octets(byte[] run) {
      return Charsets.unicode(run).orElseGet(() -> new String(run, eightBit()));
    }

    /// The charset of all raw octets that are no UTF-8.
    private Charset eightBit() {
      Charset known = eightBit;
      if (known == null) {
        byte[] all = latin1(raw);
        known =
            likely != null && Charsets.strict(all, likely).isPresent()
                ? likely
                : CharsetDetection.of(all);
        eightBit = known;
      }
      return known;
    }

    /// Decodes a word and those that follow it with only white space between; where they end.
    private int words(Word first) {
      List<Word> run = new ArrayList<>();
      Word word = first;
      int end = first.end();
      while (word != null) {
        if (!run.isEmpty() && !run.getFirst().charset().equals(word.charset())) {
          flush(run);
        }
        run.add(word);
        end = word.end();
        word = word(skipSpace(end));
      }
      flush(run);
      plainFrom = end;
      return end;
    }

    private void flush(List<Word> run) {
      ByteArrayOutputStream octets = new ByteArrayOutputStream();
      StringBuilder open = new StringBuilder();
      for (Word word : run) {
        if (word.base64()) {
          open.append(word.encoded());
        }
        if (!word.isOpen()) {
          base64(open, octets);
        }
        if (!word.base64()) {
          octets.writeBytes(unescape(word.encoded().replace('_', ' '), '='));
        }
      }
      base64(open, octets);
      text.append(HeaderText.text(octets.toByteArray(), run.getFirst().charset()));
      run.clear();
    }

    private int skipSpace(int from) {
      int at = from;
      while (at < raw.length() && HeaderCursor.isSpace(raw.charAt(at))) {
        at++;
      }
      return at;
    }

    // encoded-word = "=?" charset ["*" language] "?" encoding "?" encoded-text "?="
    private @Nullable Word word(int at) {
      if (noMoreEnds || !raw.startsWith("=?", at)) {
        return null;
      }
      int charsetEnd = charsetEnd(at + 2);
      if (charsetEnd < 0 || charsetEnd + 2 >= raw.length() || raw.charAt(charsetEnd + 2) != '?') {
        return null;
      }
      char encoding = Character.toLowerCase(raw.charAt(charsetEnd + 1));
      if (encoding != 'q' && encoding != 'b') {
        return null;
      }
      int textFrom = charsetEnd + 3;
      int textEnd = raw.indexOf("?=", textFrom);
      if (textEnd < 0) {
        noMoreEnds = true;
        return null;
      }
      String encoded = raw.substring(textFrom, textEnd);
      boolean base64 = encoding == 'b';
      return base64 && isNoBase64(encoded)
          ? null
          : new Word(charset(at + 2, charsetEnd), base64, encoded, textEnd + 2);
    }

    private String charset(int from, int end) {
      String name = raw.substring(from, end);
      int star = name.indexOf('*');
      return (star < 0 ? name : name.substring(0, star)).toLowerCase(Locale.ROOT);
    }

    private int charsetEnd(int from) {
      int stop = Math.min(raw.length(), from + MAX_CHARSET);
      for (int i = from; i < stop; i++) {
        char c = raw.charAt(i);
        if (c == '?') {
          return i > from ? i : -1;
        }
        if (c <= ' ' || c > '~') {
          return -1;
        }
      }
      return -1;
    }

    private static boolean isNoBase64(String encoded) {
      return !encoded.isEmpty() && encoded.chars().noneMatch(c -> sextet((char) c) >= 0);
    }

    /// Takes the octets of base64, what is not of its alphabet left out, and leaves it empty.
    private static void base64(StringBuilder encoded, ByteArrayOutputStream octets) {
      int bits = 0;
      int count = 0;
      for (int i = 0; i < encoded.length(); i++) {
        int value = sextet(encoded.charAt(i));
        if (value >= 0) {
          bits = bits << 6 | value;
          count++;
          if (count % 4 != 1) {
            octets.write(bits >> (6 - 2 * ((count - 1) % 4)));
          }
        } else if (encoded.charAt(i) == '=') {
          count = 0;
        }
      }
      encoded.setLength(0);
    }
  }

  /// The value of a character of base64, -1 where it is none.
  static int sextet(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
  }
}
