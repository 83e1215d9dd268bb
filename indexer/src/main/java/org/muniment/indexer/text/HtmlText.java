package org.muniment.indexer.text;

import java.util.Locale;
import java.util.Set;
import org.jsoup.parser.Parser;

/// HTML to the text that a person sees: no tags, scripts, styles and comments, nothing that is
/// hidden by `hidden` or by an inline `display:none`, `visibility:hidden`, `font-size:0` or
/// `mso-hide:all`. White space is collapsed, blocks stand on lines of their own.
///
/// One pass over the characters and no document tree, because the tree of 8 MiB of hostile HTML
/// does not fit into a small heap. Character references are resolved by jsoup.
final class HtmlText {

  private static final Set<String> RAW =
      Set.of("script", "style", "noscript", "template", "iframe", "noembed", "noframes", "title");

  private static final Set<String> VOID =
      Set.of(
          "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
          "track", "wbr");

  private static final Set<String> BLOCKS =
      Set.of(
          "address",
          "article",
          "aside",
          "blockquote",
          "body",
          "br",
          "caption",
          "dd",
          "div",
          "dl",
          "dt",
          "fieldset",
          "figure",
          "footer",
          "form",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "head",
          "header",
          "hr",
          "html",
          "li",
          "main",
          "nav",
          "ol",
          "option",
          "p",
          "pre",
          "section",
          "table",
          "tbody",
          "tfoot",
          "thead",
          "tr",
          "ul");

  private static final Set<String> CELLS = Set.of("td", "th");

  private static final int MAX_NAME = 32;

  private final String html;
  private final StringBuilder text = new StringBuilder();
  private int at;
  private boolean spaceWaits;
  private String hiddenName = "";
  private int hiddenDepth;

  private HtmlText(String html) {
    this.html = html;
  }

  static String of(String html) {
    return new HtmlText(html).read();
  }

  private String read() {
    while (at < html.length()) {
      int tag = nextTag(at);
      characters(at, tag);
      at = tag;
      if (at < html.length()) {
        markup();
      }
    }
    return text.toString();
  }

  /// Where the next `<` stands that begins markup; the end where there is none.
  private int nextTag(int from) {
    int tag = html.indexOf('<', from);
    while (tag >= 0 && !beginsMarkup(tag + 1)) {
      tag = html.indexOf('<', tag + 1);
    }
    return tag < 0 ? html.length() : tag;
  }

  private boolean beginsMarkup(int index) {
    if (index >= html.length()) {
      return false;
    }
    char c = html.charAt(index);
    return isLetter(c) || c == '!' || c == '?' || c == '/';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private void characters(int from, int to) {
    if (hiddenDepth > 0 || from == to) {
      return;
    }
    String run = html.substring(from, to);
    String plain = run.indexOf('&') < 0 ? run : Parser.unescapeEntities(run, false);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c <= ' ' || c == '\u00A0') {
        spaceWaits = true;
      } else {
        space();
        text.append(c);
      }
    }
  }

  private void space() {
    if (spaceWaits && !text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append(' ');
    }
    spaceWaits = false;
  }

  private void lineBreak() {
    spaceWaits = false;
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
  }

  private void markup() {
    if (html.startsWith("<!--", at)) {
      skipPast("-->", at + 4);
    } else if (html.startsWith("<![CDATA[", at)) {
      skipPast("]]>", at + 9);
    } else if (html.charAt(at + 1) == '!' || html.charAt(at + 1) == '?') {
      skipPast(">", at + 2);
    } else {
      tag();
    }
  }

  private void skipPast(String end, int from) {
    int found = html.indexOf(end, from);
    at = found < 0 ? html.length() : found + end.length();
  }

  private void tag() {
    boolean closing = html.charAt(at + 1) == '/';
    int nameFrom = at + (closing ? 2 : 1);
    String name = name(nameFrom);
    int end = tagEnd(nameFrom + name.length());
    String attributes = html.substring(Math.min(nameFrom + name.length(), end), end);
    at = Math.min(html.length(), end + 1);
    if (BLOCKS.contains(name)) {
      lineBreak();
    } else if (CELLS.contains(name)) {
      spaceWaits = true;
    }
    if (hiddenDepth > 0) {
      inHidden(name, closing, attributes);
    } else if (!closing && RAW.contains(name)) {
      skipRaw(name);
    } else if (!closing && !VOID.contains(name) && isHidden(attributes)) {
      hiddenName = name;
      hiddenDepth = attributes.endsWith("/") ? 0 : 1;
    }
  }

  private void inHidden(String name, boolean closing, String attributes) {
    if (name.equals(hiddenName) && !attributes.endsWith("/")) {
      hiddenDepth += closing ? -1 : 1;
    } else if (name.equals("body") || name.equals("html")) {
      hiddenDepth = 0;
    } else if (!closing && RAW.contains(name)) {
      skipRaw(name);
    }
  }

  private String name(int from) {
    int to = from;
    while (to < html.length() && to - from < MAX_NAME && isNameCharacter(html.charAt(to))) {
      to++;
    }
    return html.substring(from, to).toLowerCase(Locale.ROOT);
  }

  private static boolean isNameCharacter(char c) {
    return isLetter(c) || (c >= '0' && c <= '9') || c == ':' || c == '-';
  }

  /// Where the `>` of a tag stands, quoted values skipped; the end where there is none.
  private int tagEnd(int from) {
    int i = from;
    while (i < html.length() && html.charAt(i) != '>') {
      char c = html.charAt(i);
      if ((c == '"' || c == '\'') && html.charAt(i - 1) == '=') {
        int quote = html.indexOf(c, i + 1);
        i = quote < 0 ? html.length() : quote;
      }
      i++;
    }
    return Math.min(i, html.length());
  }

  /// Skips the content of a raw element, to the end where it is never closed.
  private void skipRaw(String name) {
    int close = at;
    while ((close = html.indexOf("</", close)) >= 0) {
      if (html.regionMatches(true, close + 2, name, 0, name.length())) {
        at = close;
        return;
      }
      close += 2;
    }
    at = html.length();
  }

  private static boolean isHidden(String attributes) {
    if (attributes.isBlank()) {
      return false;
    }
    String lower = attributes.toLowerCase(Locale.ROOT);
    int style = lower.indexOf("style");
    return hasHidden(lower) || (style >= 0 && hides(lower.substring(style).replace(" ", "")));
  }

  private static boolean hasHidden(String attributes) {
    return (attributes + " ").contains(" hidden ");
  }

  private static boolean hides(String style) {
    return style.contains("display:none")
        || style.contains("visibility:hidden")
        || style.contains("mso-hide:all")
        || style.contains("font-size:0;")
        || style.contains("font-size:0px")
        || style.contains("font-size:0\"");
  }
}
