package org.muniment.indexer.search;

import java.util.Locale;

/// What a subject is about, without the marks of replies and forwards (RFC 5256 section 2.1).
///
/// ```
/// subject       = *subj-leader [subj-middle] *subj-trailer
/// subj-refwd    = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
/// subj-blob     = "[" *BLOBCHAR "]" *WSP
/// subj-fwd      = subj-fwd-hdr subject subj-fwd-trl
/// subj-fwd-hdr  = "[fwd:"
/// subj-fwd-trl  = "]"
/// subj-leader   = (*subj-blob subj-refwd) / WSP
/// subj-trailer  = "(fwd)" / WSP
/// ```
///
/// @param text in lower case, `""` where nothing is left
/// @param reply whether there was a mark of a reply or forward
public record BaseSubject(String text, boolean reply) {

  /// Longest subject that is looked at, in characters.
  private static final int MAX_CHARS = 1_000;

  /// Of a decoded subject.
  public static BaseSubject of(String subject) {
    String text = collapsed(subject.substring(0, Math.min(subject.length(), MAX_CHARS)));
    boolean reply = false;
    for (String before = ""; !before.equals(text); ) {
      before = text;
      text = withoutTrailers(text);
      String bare = withoutLeaders(text);
      String unwrapped = unwrapped(bare);
      reply |= !before.equals(text) || !bare.equals(withoutBlobs(text)) || !unwrapped.equals(bare);
      text = unwrapped;
    }
    return new BaseSubject(text, reply);
  }

  private static String collapsed(String subject) {
    StringBuilder text = new StringBuilder();
    for (char c : subject.toLowerCase(Locale.ROOT).toCharArray()) {
      char shown = Character.isWhitespace(c) ? ' ' : c;
      if (shown != ' ' || (!text.isEmpty() && text.charAt(text.length() - 1) != ' ')) {
        text.append(shown);
      }
    }
    return text.toString().strip();
  }

  // *subj-trailer
  private static String withoutTrailers(String text) {
    String left = text.strip();
    while (left.endsWith("(fwd)")) {
      left = left.substring(0, left.length() - "(fwd)".length()).strip();
    }
    return left;
  }

  // *subj-leader, and blobs before the middle where something is left behind them
  private static String withoutLeaders(String text) {
    String left = text;
    for (int end; (end = refwd(afterBlobs(left, 0), left)) > 0; ) {
      left = left.substring(end).strip();
    }
    return withoutBlobs(left);
  }

  private static String withoutBlobs(String text) {
    int end = afterBlobs(text, 0);
    return end < text.length() ? text.substring(end) : text;
  }

  // *subj-blob ; the index behind them
  private static int afterBlobs(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == '[') {
      int close = text.indexOf(']', at);
      int open = text.indexOf('[', at + 1);
      if (close < 0 || (open >= 0 && open < close)) {
        return at;
      }
      at = afterSpace(text, close + 1);
    }
    return at;
  }

  // subj-refwd ; the index behind it, 0 where there is none
  private static int refwd(int from, String text) {
    int at =
        text.startsWith("re", from)
            ? from + 2
            : text.startsWith("fwd", from) ? from + 3 : text.startsWith("fw", from) ? from + 2 : -1;
    if (at < 0) {
      return 0;
    }
    at = afterSpace(text, at);
    int close = at < text.length() && text.charAt(at) == '[' ? text.indexOf(']', at) : -1;
    at = close < 0 ? at : afterSpace(text, close + 1);
    return at < text.length() && text.charAt(at) == ':' ? at + 1 : 0;
  }

  // subj-fwd
  private static String unwrapped(String text) {
    return text.startsWith("[fwd:") && text.endsWith("]")
        ? text.substring("[fwd:".length(), text.length() - 1).strip()
        : text;
  }

  private static int afterSpace(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }
}
