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

  /// The text of octets that say nothing of their charset: UTF-8 where they are valid in it, else
  /// [#WESTERN].
  public static String guess(byte[] octets) {
    return strict(octets, StandardCharsets.UTF_8).orElseGet(() -> new String(octets, WESTERN));
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
