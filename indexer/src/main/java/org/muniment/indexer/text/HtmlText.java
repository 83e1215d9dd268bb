package org.muniment.indexer.text;

import java.util.Locale;
import java.util.Set;
import org.jsoup.parser.Parser;

/// HTML to the text that a person sees: no tags, scripts, styles and comments, nothing that is
/// hidden by `hidden` or by an inline `display:none`, `visibility:hidden`, `font-size:0` or
/// `mso-hide:all`. White space is collapsed, blocks stand on lines of their own.
///
/// One pass over the characters and no document tree: measured with jsoup 1.24, the tree of 8 MiB
/// of `<b>` takes more than 256 MiB, and its StreamParser a minute for 8 MiB of `x<br>`. Character
/// references are resolved by jsoup. In doubt text is kept: what is shown must not be kept from a
/// search.
final class HtmlText {

  private static final Set<String> RAW =
      Set.of("script", "style", "template", "iframe", "noembed", "noframes", "title");

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

  /// Elements that end where the next of their kind begins, and a paragraph before any block.
  private static final Set<String> ENDED_BY_NEXT =
      Set.of("p", "li", "dt", "dd", "td", "th", "tr", "option");

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
      comment();
    } else if (html.charAt(at + 1) == '!' || html.charAt(at + 1) == '?') {
      skipPast(">", at + 2);
    } else {
      tag();
    }
  }

  // comment = "<!--" ( ">" / "->" / *any ( "-->" / "--!>" ) )
  private void comment() {
    int from = at + 4;
    if (html.startsWith(">", from) || html.startsWith("->", from)) {
      skipPast(">", from);
      return;
    }
    int dashes = html.indexOf("--", from);
    while (dashes >= 0 && !html.startsWith(">", dashes + 2) && !html.startsWith("!>", dashes + 2)) {
      dashes = html.indexOf("--", dashes + 1);
    }
    skipPast(">", dashes < 0 ? html.length() : dashes);
  }

  private void skipPast(String end, int from) {
    int found = html.indexOf(end, from);
    at = found < 0 ? html.length() : found + end.length();
  }

  private void tag() {
    boolean closing = html.charAt(at + 1) == '/';
    int nameFrom = at + (closing ? 2 : 1);
    String name = name(nameFrom);
    at = nameFrom + name.length();
    Attributes attributes = attributes();
    if (BLOCKS.contains(name)) {
      lineBreak();
    } else if (CELLS.contains(name)) {
      spaceWaits = true;
    }
    if (hiddenDepth > 0 && !closing && endsHidden(name)) {
      hiddenDepth = 0;
    }
    if (hiddenDepth > 0) {
      inHidden(name, closing, attributes);
    } else if (!closing && RAW.contains(name)) {
      skipRaw(name);
    } else if (!closing && !VOID.contains(name) && attributes.hide) {
      hiddenName = name;
      hiddenDepth = attributes.end ? 0 : 1;
    }
  }

  private boolean endsHidden(String name) {
    return (name.equals(hiddenName) && ENDED_BY_NEXT.contains(name))
        || (hiddenName.equals("p") && BLOCKS.contains(name) && !name.equals("br"));
  }

  private void inHidden(String name, boolean closing, Attributes attributes) {
    if (name.equals(hiddenName) && !attributes.end) {
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

  /// What the attributes of a tag say.
  ///
  /// @param hide whether nobody sees the element
  /// @param end whether a `/` ends the tag
  private record Attributes(boolean hide, boolean end) {}

  // attributes = *( WSP / "/" / attribute ) ">"
  private Attributes attributes() {
    boolean hide = false;
    boolean end = false;
    while (at < html.length() && html.charAt(at) != '>') {
      char c = html.charAt(at);
      if (c <= ' ' || c == '/') {
        end = c == '/' || end;
        at++;
      } else {
        end = false;
        hide |= attributeHides();
      }
    }
    at = Math.min(html.length(), at + 1);
    return new Attributes(hide, end);
  }

  // attribute = name [ *WSP "=" *WSP value ]
  private boolean attributeHides() {
    int from = at++;
    while (at < html.length() && "=/> \t\r\n\f".indexOf(html.charAt(at)) < 0) {
      at++;
    }
    int to = at;
    int equals = skipSpace(at);
    boolean hasValue = equals < html.length() && html.charAt(equals) == '=';
    String value = "";
    if (hasValue) {
      at = skipSpace(equals + 1);
      value = attributeValue();
    }
    return isNamed("hidden", from, to)
        || (isNamed("style", from, to) && hides(value.toLowerCase(Locale.ROOT)));
  }

  private boolean isNamed(String name, int from, int to) {
    return to - from == name.length() && html.regionMatches(true, from, name, 0, name.length());
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < html.length() && html.charAt(i) <= ' ') {
      i++;
    }
    return i;
  }

  // value = DQUOTE *any DQUOTE / "'" *any "'" / *( any but WSP / ">" )
  private String attributeValue() {
    int from = at;
    char quote = at < html.length() ? html.charAt(at) : ' ';
    if (quote == '"' || quote == '\'') {
      int end = html.indexOf(quote, from + 1);
      at = end < 0 ? html.length() : end + 1;
      return html.substring(from + 1, end < 0 ? html.length() : end);
    }
    while (at < html.length() && html.charAt(at) > ' ' && html.charAt(at) != '>') {
      at++;
    }
    return html.substring(from, at);
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

  private static boolean hides(String style) {
    String compact = style.replace(" ", "") + ";";
    return compact.contains("display:none")
        || compact.contains("visibility:hidden")
        || compact.contains("mso-hide:all")
        || compact.contains("font-size:0;")
        || compact.contains("font-size:0px");
  }
}
