package org.muniment.indexer.text;

/// `format=flowed` (RFC 3676): lines that end with a space go on in the next line of the same quote
/// depth.
final class FlowedText {

  private static final String SIGNATURE = "-- ";

  private final String text;
  private final boolean delSp;
  private final StringBuilder unfolded;
  private int at;
  private int openDepth = -1;

  private FlowedText(String text, boolean delSp) {
    this.text = text;
    this.delSp = delSp;
    this.unfolded = new StringBuilder(text.length());
  }

  /// @param delSp whether the space before a soft line break is none of the text
  static String of(String text, boolean delSp) {
    return new FlowedText(text, delSp).read();
  }

  private String read() {
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      line(at, end < 0 ? text.length() : end);
      at = end < 0 ? text.length() : end + 1;
    }
    return unfolded.toString();
  }

  // flowed-line = ( *quote [ stuffing ] *text-char SP CRLF ) / fixed-line ; stuffing = SP
  private void line(int from, int lineEnd) {
    int end = lineEnd > from && text.charAt(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
    int content = from;
    while (content < end && text.charAt(content) == '>') {
      content++;
    }
    int depth = content - from;
    content += content < end && text.charAt(content) == ' ' ? 1 : 0;
    boolean signature = end - content == SIGNATURE.length() && text.startsWith(SIGNATURE, content);
    if (openDepth >= 0 && (openDepth != depth || signature)) {
      unfolded.append('\n');
      openDepth = -1;
    }
    if (openDepth < 0) {
      unfolded.append(text, from, from + depth).append(depth > 0 ? " " : "");
    }
    boolean flowed = end > content && text.charAt(end - 1) == ' ' && !signature;
    unfolded.append(text, content, flowed && delSp ? end - 1 : end);
    openDepth = flowed ? depth : -1;
    if (!flowed) {
      unfolded.append(text, end, Math.min(text.length(), lineEnd + 1));
    }
  }
}
