package org.muniment.indexer.text;

import java.nio.charset.StandardCharsets;

/// What a fuzzer calls with octets as HTML.
public final class FuzzedHtml {

  private FuzzedHtml() {}

  /// Reads the octets as HTML; throws nothing, and makes no more of them than there is.
  public static void fuzzerTestOneInput(byte[] octets) {
    String html = new String(octets, StandardCharsets.UTF_8);
    String text = HtmlText.of(html);
    // A character reference may be two characters of text; an image and a cell bring spaces.
    if (text.length() > 2 * html.length()) {
      throw new IllegalStateException("more text than HTML: " + text.length());
    }
  }
}
