package org.muniment.server.view.rest;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The Content-Disposition field of a download (RFC 6266): always `attachment`, with a file name
/// that is safe in a header and on a disk, whatever the sender of a mail wrote.
final class ContentDisposition {

  private static final int MAX_NAME = 120;
  private static final int MAX_EXTENSION = 12;
  private static final String FORBIDDEN = "/\\:*?\"<>|";
  private static final String ATTR_CHARS = "!#$&+-.^_`|~";

  private ContentDisposition() {}

  /// @param name what the sender called it, any text
  /// @param fallback the name to use when nothing of it can be kept; ASCII
  static String attachment(String name, String fallback) {
    String safe = safe(name, fallback);
    return "attachment; filename=\"" + ascii(safe) + "\"; filename*=UTF-8''" + encoded(safe);
  }

  /// The last step of a path, without what a file system or a terminal would act on.
  private static String safe(String name, String fallback) {
    StringBuilder safe = new StringBuilder();
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    last.codePoints()
        .filter(ContentDisposition::visible)
        .map(c -> FORBIDDEN.indexOf(c) >= 0 ? '_' : c)
        .forEach(safe::appendCodePoint);
    String trimmed = trim(safe.toString());
    return trimmed.isEmpty() ? fallback : trim(shorten(trimmed));
  }

  /// Neither control character nor lone surrogate nor one that turns the direction of the text, so
  /// that `cod.exe` does not show as `exe.doc`.
  private static boolean visible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }

  /// Without dots and spaces at both ends, which hide a file or vanish.
  private static String trim(String name) {
    int from = 0;
    int to = name.length();
    while (from < to && dotOrSpace(name.charAt(from))) {
      from++;
    }
    while (to > from && dotOrSpace(name.charAt(to - 1))) {
      to--;
    }
    return name.substring(from, to);
  }

  private static boolean dotOrSpace(char c) {
    return c == '.' || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static String shorten(String name) {
    if (name.codePointCount(0, name.length()) <= MAX_NAME) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    String extension = dot > 0 && name.length() - dot <= MAX_EXTENSION ? name.substring(dot) : "";
    return name.substring(0, name.offsetByCodePoints(0, MAX_NAME - extension.length())) + extension;
  }

  /// For clients that know no `filename*`. `%` is replaced because some decode it.
  private static String ascii(String name) {
    StringBuilder ascii = new StringBuilder();
    name.codePoints()
        .map(c -> c < 0x20 || c > 0x7E || c == '%' ? '_' : c)
        .forEach(ascii::appendCodePoint);
    return ascii.toString();
  }

  // ABNF (RFC 8187): value-chars = *( pct-encoded / attr-char )
  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xFF);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain || ATTR_CHARS.indexOf(c) >= 0) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      }
    }
    return encoded.toString();
  }
}
