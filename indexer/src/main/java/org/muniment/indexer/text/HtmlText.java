package org.muniment.indexer.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.jsoup.parser.Parser;

/// HTML to the text that a person sees: no tags, scripts, styles and comments, nothing that is
/// hidden by `hidden` or by an inline style. White space is collapsed, blocks stand on lines of
/// their own. Images are their alternative texts; what is shown only when one points at it, the
/// titles of elements, stands at the end, so that it parts no phrase.
///
/// One pass over the characters and no document tree: measured with jsoup 1.24, the tree of 8 MiB
/// of `<b>` takes more than 256 MiB, and its StreamParser a minute for 8 MiB of `x<br>`. Character
/// references are resolved by jsoup. In doubt text is kept: what is shown must not be kept from a
/// search.
final class HtmlText {

  private static final Set<String> RAW =
      Set.of("script", "style", "template", "iframe", "noembed", "noframes");

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

  /// Most elements inside each other that hide text or show it again; what lies deeper is shown.
  private static final int MAX_HIDING = 32;

  private final String html;
  private final StringBuilder text = new StringBuilder();
  private int at;
  private boolean spaceWaits;

  /// Elements that hide text or show it again, the innermost first.
  private final Deque<Hiding> hidings = new ArrayDeque<>();

  private final StringBuilder titles = new StringBuilder();

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
    lineBreak();
    return text.append(titles).toString().stripTrailing();
  }

  private boolean isHidden() {
    return !hidings.isEmpty() && hidings.getFirst().sight != Sight.SHOWN;
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
    if (!isHidden()) {
      append(unescaped(html.substring(from, to)));
    }
  }

  private static String unescaped(String run) {
    return run.indexOf('&') < 0 ? run : Parser.unescapeEntities(run, false);
  }

  private void append(String plain) {
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
    if (name.equals("body") || name.equals("html")) {
      hidings.clear();
    }
    if (closing) {
      end(name);
    } else {
      endHidings(name);
      begin(name, attributes);
    }
  }

  /// Ends the hiding elements that end where this one begins.
  private void endHidings(String name) {
    while (!hidings.isEmpty() && endsBefore(hidings.getFirst().name, name)) {
      hidings.removeFirst();
    }
  }

  private static boolean endsBefore(String open, String next) {
    return (open.equals(next) && ENDED_BY_NEXT.contains(open))
        || (open.equals("p") && BLOCKS.contains(next) && !next.equals("br"));
  }

  private void begin(String name, Attributes attributes) {
    Sight sight = attributes.sight();
    if (RAW.contains(name)) {
      skipRaw(name);
    } else if (name.equals("title")) {
      title();
    } else if (!VOID.contains(name) && !attributes.end) {
      hidings.forEach(hiding -> hiding.open += hiding.name.equals(name) ? 1 : 0);
      hide(name, sight);
    }
    if (!isHidden() && sight != Sight.HIDDEN) {
      attributeTexts(name, attributes);
    }
  }

  private void hide(String name, Sight sight) {
    Sight now = hidings.isEmpty() ? Sight.SHOWN : hidings.getFirst().sight;
    boolean changes =
        switch (sight) {
          case INHERITED -> false;
          case SHOWN -> now == Sight.NO_SIZE;
          case NO_SIZE -> now == Sight.SHOWN;
          case HIDDEN -> now != Sight.HIDDEN;
        };
    if (changes && hidings.size() < MAX_HIDING) {
      hidings.addFirst(new Hiding(name, sight));
    }
  }

  private void end(String name) {
    boolean ended = false;
    for (Hiding hiding : hidings) {
      if (hiding.name.equals(name)) {
        hiding.open--;
        ended |= hiding.open == 0;
      }
    }
    while (ended) {
      ended = hidings.removeFirst().open > 0;
    }
  }

  /// The title of the document: no markup counts in it.
  private void title() {
    int from = at;
    skipRaw("title");
    lineBreak();
    characters(from, at);
    lineBreak();
  }

  private void attributeTexts(String name, Attributes attributes) {
    if (name.equals("img") && !attributes.isPixel() && !attributes.alt.isBlank()) {
      spaceWaits = true;
      append(unescaped(attributes.alt));
      spaceWaits = true;
    }
    if (!attributes.title.isBlank() && !attributes.title.equals(attributes.alt)) {
      titles.append(unescaped(attributes.title).strip()).append('\n');
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

  /// An open element that hides text or shows it again.
  private static final class Hiding {
    final String name;
    final Sight sight;

    /// Number of open elements of this name from this one on.
    int open = 1;

    Hiding(String name, Sight sight) {
      this.name = name;
      this.sight = sight;
    }
  }

  /// What the attributes of a tag say.
  private static final class Attributes {
    boolean hidden;

    /// Whether a `/` ends the tag.
    boolean end;

    String style = "";
    String alt = "";
    String title = "";
    private String width = "";
    private String height = "";

    /// Whether an image is too small to be seen.
    boolean isPixel() {
      return isTiny(width) && isTiny(height);
    }

    private static boolean isTiny(String length) {
      return length.equals("0") || length.equals("1") || length.equals("1px");
    }

    Sight sight() {
      return hidden ? Sight.HIDDEN : InlineStyle.sight(style);
    }
  }

  // attributes = *( WSP / "/" / attribute ) ">"
  private Attributes attributes() {
    Attributes attributes = new Attributes();
    while (at < html.length() && html.charAt(at) != '>') {
      char c = html.charAt(at);
      if (c <= ' ' || c == '/') {
        attributes.end |= c == '/';
        at++;
      } else {
        attributes.end = false;
        attribute(attributes);
      }
    }
    at = Math.min(html.length(), at + 1);
    return attributes;
  }

  // attribute = name [ *WSP "=" *WSP value ]
  private void attribute(Attributes attributes) {
    int from = at++;
    while (at < html.length() && "=/> \t\r\n\f".indexOf(html.charAt(at)) < 0) {
      at++;
    }
    int to = at;
    int equals = skipSpace(at);
    String value = "";
    if (equals < html.length() && html.charAt(equals) == '=') {
      at = skipSpace(equals + 1);
      value = attributeValue();
    }
    if (isNamed("hidden", from, to)) {
      attributes.hidden = true;
    } else if (isNamed("style", from, to)) {
      attributes.style = value;
    } else if (isNamed("alt", from, to)) {
      attributes.alt = value;
    } else if (isNamed("title", from, to)) {
      attributes.title = value;
    } else if (isNamed("width", from, to)) {
      attributes.width = value.strip();
    } else if (isNamed("height", from, to)) {
      attributes.height = value.strip();
    }
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
}
