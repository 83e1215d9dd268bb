package org.muniment.server.export;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/// Names of files that every file system takes, whatever the text they are made of.
final class SafeName {

  /// Octets of a name in UTF-8 at most, so that there is room for a number and an ending.
  static final int MAX_OCTETS = 100;

  /// Endings that this export gives to files itself.
  private static final Set<String> OWN_ENDINGS = Set.of(".eml", ".mbox");

  /// What Windows takes for devices, with any ending.
  private static final Set<String> DEVICES =
      Set.of("con", "prn", "aux", "nul", "conin$", "conout$");

  private SafeName() {}

  /// One level of a path, in Unicode's form C: without characters that FAT, NTFS or a shell listing
  /// stumble over, no name of a device, no dot or space at its ends.
  static String of(String text) {
    StringBuilder name = new StringBuilder();
    Normalizer.normalize(text, Normalizer.Form.NFC)
        .codePoints()
        .map(c -> isRefused(c) ? '_' : c)
        .forEach(name::appendCodePoint);
    cut(name, MAX_OCTETS);
    for (int end = name.length() - 1; end >= 0 && isDotOrSpace(name.charAt(end)); end--) {
      name.setCharAt(end, '_');
    }
    if (name.isEmpty() || isDotOrSpace(name.charAt(0))) {
      name.insert(0, '_');
    }
    if (isDevice(name.toString())) {
      name.insert(0, '_');
    }
    String folded = folded(name.toString());
    return OWN_ENDINGS.stream().anyMatch(folded::endsWith) ? name + "_" : name.toString();
  }

  /// The same for names that a file system may take for one another.
  static String folded(String name) {
    String upper = Normalizer.normalize(name, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
    return Normalizer.normalize(upper.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
  }

  private static boolean isRefused(int c) {
    return "<>:\"/\\|?*".indexOf(c) >= 0
        || Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.SURROGATE
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
        || Character.getType(c) == Character.UNASSIGNED
        || (c & 0xFFFE) == 0xFFFE;
  }

  private static boolean isDotOrSpace(char c) {
    return c == '.' || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static boolean isDevice(String name) {
    int dot = name.indexOf('.');
    String stem = folded(dot < 0 ? name : name.substring(0, dot)).strip();
    boolean numbered =
        stem.length() == 4
            && (stem.startsWith("com") || stem.startsWith("lpt"))
            && Character.isDigit(stem.charAt(3));
    return numbered || DEVICES.contains(stem);
  }

  private static void cut(StringBuilder name, int octets) {
    while (octets(name.toString()) > octets) {
      int last = name.codePointBefore(name.length());
      name.setLength(name.length() - Character.charCount(last));
    }
  }

  static int octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
