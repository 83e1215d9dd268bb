package org.muniment.server.view.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Where the next page of a list begins: opaque to clients, good for that list alone.
///
/// ```
/// cursor = base64url( list ":" before )
/// ```
///
/// @param list what is listed
/// @param before the page holds what is numbered below
record Cursor(String list, long before) {

  /// Reads a cursor of a list; without one, the page of the highest numbers.
  static long before(@Nullable String text, String list) {
    String cursor = Parameters.cursor(text);
    if (cursor == null) {
      return Long.MAX_VALUE;
    }
    String plain = decode(cursor);
    String prefix = list + ":";
    if (!plain.startsWith(prefix)) {
      throw Parameters.wrongCursor();
    }
    return Parameters.number(plain.substring(prefix.length())).orElseThrow(Parameters::wrongCursor);
  }

  private static String decode(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Parameters.wrongCursor();
    }
  }

  @Override
  public String toString() {
    byte[] plain = (list + ":" + before).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }
}
