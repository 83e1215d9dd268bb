package org.muniment.indexer.text;

import java.util.Locale;

/// What a `style` attribute says of whether its element is seen: `display:none`,
/// `visibility:hidden`, `opacity:0`, `mso-hide:all`, no height and what flows over hidden,
/// `font-size:0`.
final class InlineStyle {

  private boolean hidden;
  private boolean flat;
  private boolean clipped;
  private Sight size = Sight.INHERITED;

  private InlineStyle() {}

  // style = declaration *( ";" declaration ) ; declaration = property ":" value [ "!important" ]
  static Sight sight(String style) {
    InlineStyle read = new InlineStyle();
    int from = 0;
    while (from < style.length()) {
      int end = style.indexOf(';', from);
      end = end < 0 ? style.length() : end;
      int colon = style.indexOf(':', from, end);
      if (colon >= 0) {
        read.declaration(lower(style, from, colon), lower(style, colon + 1, end));
      }
      from = end + 1;
    }
    return read.hidden || (read.flat && read.clipped) ? Sight.HIDDEN : read.size;
  }

  private static String lower(String style, int from, int to) {
    return style.substring(from, to).strip().toLowerCase(Locale.ROOT);
  }

  private void declaration(String property, String valueAndMore) {
    int mark = valueAndMore.indexOf('!');
    String value = mark < 0 ? valueAndMore : valueAndMore.substring(0, mark).strip();
    switch (property) {
      case "display" -> hidden |= value.equals("none");
      case "visibility" -> hidden |= value.equals("hidden");
      case "mso-hide" -> hidden |= value.equals("all");
      case "opacity" -> hidden |= isZero(value);
      case "height", "max-height" -> flat |= isZero(value);
      case "overflow" -> clipped |= value.equals("hidden");
      case "font-size" -> size = isZero(value) ? Sight.NO_SIZE : Sight.SHOWN;
      default -> {}
    }
  }

  /// Whether a length, number or percentage is 0.
  private static boolean isZero(String value) {
    int i = 0;
    boolean digit = false;
    while (i < value.length() && (value.charAt(i) == '0' || value.charAt(i) == '.')) {
      digit |= value.charAt(i++) == '0';
    }
    return digit && (i == value.length() || Character.digit(value.charAt(i), 10) < 0);
  }
}
