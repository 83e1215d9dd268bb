package org.muniment.indexer.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Charsets by the names that stand in mail. Where senders write the name of a charset and mean a
/// larger one that contains it, the larger one is given.
public final class Charsets {

  /// Western text without a charset, or with one that nobody knows.
  public static final Charset WESTERN = Charset.forName("windows-1252");

  private static final int MAX_NAME = 64;

  private static final int ESCAPE = 0x1B;

  private static final char REPLACEMENT = '\uFFFD';

  /// Of so many characters beyond ASCII, one that is wrong makes the charset a wrong one.
  private static final int MOSTLY = 4;

  private static final Map<String, String> MEANT =
      Map.ofEntries(
          Map.entry("iso-8859-1", "windows-1252"),
          Map.entry("latin1", "windows-1252"),
          Map.entry("iso-8859-9", "windows-1254"),
          Map.entry("iso-8859-6-e", "iso-8859-6"),
          Map.entry("iso-8859-6-i", "iso-8859-6"),
          Map.entry("iso-8859-8-e", "iso-8859-8"),
          Map.entry("iso-8859-8-i", "iso-8859-8"),
          Map.entry("gb2312", "gb18030"),
          Map.entry("gb_2312-80", "gb18030"),
          Map.entry("gbk", "gb18030"),
          Map.entry("x-gbk", "gb18030"),
          Map.entry("cp936", "gb18030"),
          Map.entry("hz-gb-2312", "gb18030"),
          Map.entry("ks_c_5601-1987", "x-windows-949"),
          Map.entry("ks_c_5601", "x-windows-949"),
          Map.entry("ksc5601", "x-windows-949"),
          Map.entry("euc-kr", "x-windows-949"),
          Map.entry("cp949", "x-windows-949"),
          Map.entry("shift_jis", "windows-31j"),
          Map.entry("shift-jis", "windows-31j"),
          Map.entry("sjis", "windows-31j"),
          Map.entry("x-sjis", "windows-31j"),
          Map.entry("cp932", "windows-31j"),
          Map.entry("iso-2022-jp", "x-windows-iso2022jp"),
          Map.entry("tis-620", "x-windows-874"),
          Map.entry("windows-874", "x-windows-874"),
          Map.entry("cp-850", "ibm850"),
          Map.entry("cp-437", "ibm437"),
          Map.entry("cp-1252", "windows-1252"),
          Map.entry("x-mac-roman", "x-macroman"),
          Map.entry("macintosh", "x-macroman"),
          Map.entry("ansi_x3.4-1968", "us-ascii"),
          Map.entry("iso-646", "us-ascii"),
          Map.entry("utf8", "utf-8"),
          Map.entry("utf8mb4", "utf-8"),
          Map.entry("unicode-1-1-utf-8", "utf-8"),
          Map.entry("x-unicode-2-0-utf-8", "utf-8"));

  /// All charsets of the platform by their names in lower case. `Charset.forName` asks all
  /// providers for a name that it does not know, which takes too long where mail has many of them.
  private static final Map<String, Charset> KNOWN = known();

  private Charsets() {}

  private static Map<String, Charset> known() {
    Map<String, Charset> known = new HashMap<>();
    for (Charset charset : Charset.availableCharsets().values()) {
      known.put(charset.name().toLowerCase(Locale.ROOT), charset);
      for (String alias : charset.aliases()) {
        known.putIfAbsent(alias.toLowerCase(Locale.ROOT), charset);
      }
    }
    known.put("utf-7", new Utf7());
    known.put("unicode-1-1-utf-7", new Utf7());
    return known;
  }

  /// The charset of a name, whatever its case; empty when nobody knows it.
  public static Optional<Charset> find(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    if (wanted.isEmpty() || wanted.length() > MAX_NAME) {
      return Optional.empty();
    }
    return Optional.ofNullable(KNOWN.get(MEANT.getOrDefault(wanted, wanted)));
  }

  /// The text of octets that say nothing of their charset: what begins with a byte order mark is
  /// Unicode, what shifts with the escapes of ISO-2022 is that, what is valid UTF-8 is UTF-8; of
  /// other octets the charset is detected.
  public static String guess(byte[] octets) {
    return unicode(octets).orElseGet(() -> new String(octets, CharsetDetection.of(octets)));
  }

  /// The text of octets that show by themselves of which charset they are.
  static Optional<String> unicode(byte[] octets) {
    return marked(octets)
        .or(() -> shifted(octets))
        .or(() -> strict(octets, StandardCharsets.UTF_8));
  }

  /// A text.
  ///
  /// @param exact whether all octets are right in the charset that was named
  public record Decoded(String text, boolean exact) {}

  /// The text of octets that name their charset. Where they do not keep to it they are guessed, but
  /// for a few wrong ones, which become U+FFFD.
  public static Decoded decode(byte[] octets, Charset charset) {
    Optional<String> other = isOneOctet(charset) ? instead(octets, charset) : wide(octets, charset);
    if (other.isPresent()) {
      return new Decoded(other.get(), false);
    }
    Optional<String> strict = strict(octets, charset).map(Charsets::withoutMark);
    if (strict.isPresent()) {
      return new Decoded(strict.get(), true);
    }
    String lenient = new String(octets, charset);
    return new Decoded(isMostlyWrong(lenient, charset) ? guess(octets) : lenient, false);
  }

  private static boolean isOneOctet(Charset charset) {
    return charset.equals(WESTERN)
        || charset.equals(StandardCharsets.US_ASCII)
        || charset.equals(StandardCharsets.UTF_8);
  }

  /// What is called Western and is ISO-2022, or UTF-8 with other than ASCII in it.
  private static Optional<String> instead(byte[] octets, Charset charset) {
    Optional<String> shifted = shifted(octets);
    return shifted.isPresent() || !charset.equals(WESTERN) || isAscii(octets)
        ? shifted
        : strict(octets, StandardCharsets.UTF_8).map(Charsets::withoutMark);
  }

  /// What is called UTF-16 or UTF-32 and is ASCII.
  private static Optional<String> wide(byte[] octets, Charset charset) {
    boolean wide = charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32");
    return wide && isAscii(octets) && indexOf(octets, 0, 0) < 0
        ? Optional.of(new String(octets, StandardCharsets.US_ASCII))
        : Optional.empty();
  }

  private static boolean isAscii(byte[] octets) {
    for (byte octet : octets) {
      if (octet < 0) {
        return false;
      }
    }
    return true;
  }

  private static int indexOf(byte[] octets, int octet, int from) {
    for (int i = from; i < octets.length; i++) {
      if (octets[i] == octet) {
        return i;
      }
    }
    return -1;
  }

  /// Whether a charset was the wrong one. Octets that are right in UTF-8 are so by no chance, and a
  /// few of them stand for many.
  private static boolean isMostlyWrong(String text, Charset charset) {
    long right = right(text);
    long wrong = wrong(text);
    return charset.equals(StandardCharsets.UTF_8)
        ? wrong > MOSTLY * right
        : wrong * MOSTLY > wrong + right;
  }

  /// Characters beyond ASCII that are not [#wrong].
  static long right(String text) {
    return text.chars().filter(c -> c >= 0x80 && c != REPLACEMENT).count();
  }

  /// Characters that stand for wrong octets.
  static long wrong(String text) {
    return text.chars().filter(c -> c == REPLACEMENT).count();
  }

  /// Unicode with a byte order mark.
  private static Optional<String> marked(byte[] octets) {
    if (octets.length < 2) {
      return Optional.empty();
    }
    int mark = ((octets[0] & 0xFF) << 8) | (octets[1] & 0xFF);
    return mark == 0xFEFF || mark == 0xFFFE
        ? strict(octets, StandardCharsets.UTF_16)
        : mark == 0xEFBB
            ? strict(octets, StandardCharsets.UTF_8).map(Charsets::withoutMark)
            : Optional.empty();
  }

  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  // ESC "$" ( "@" / "B" / "(" / ")" / "*" ) ; RFC 1468, 1554, 1557, 1922
  /// What shifts with an escape of ISO-2022 and is right in one of these charsets.
  private static Optional<String> shifted(byte[] octets) {
    int escape = indexOf(octets, ESCAPE, 0);
    while (escape >= 0 && (escape + 3 >= octets.length || octets[escape + 1] != '$')) {
      escape = indexOf(octets, ESCAPE, escape + 1);
    }
    if (escape < 0) {
      return Optional.empty();
    }
    String name =
        octets[escape + 2] != ')'
            ? "iso-2022-jp"
            : octets[escape + 3] == 'C' ? "iso-2022-kr" : "iso-2022-cn";
    return find(name).flatMap(charset -> strict(octets, charset));
  }

  /// The text of octets; empty where they are wrong in the charset.
  public static Optional<String> strict(byte[] octets, Charset charset) {
    try {
      return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
