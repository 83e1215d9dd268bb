package org.muniment.server.needle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.muniment.archive.content.Octets;

/// What is hidden in a message.
///
/// @param place where, and in which coding
/// @param text words that stand in no other message
/// @param message the whole message
public record Needle(String place, Lies lies, String text, Octets message) {

  /// Where a needle lies, as IMAP SEARCH has it (RFC 9051 section 6.4.4).
  public enum Lies {
    IN_SUBJECT,
    IN_SENDER,
    IN_BODY,
    /// Of a message inside: BODY looks at no header.
    IN_INNER_HEADER,
    IN_DOCUMENT,
    /// With a line break in it: words that follow each other, and no piece of the text.
    ACROSS_LINES;

    /// The keys that look there.
    public List<String> keys() {
      return switch (this) {
        case IN_SUBJECT -> List.of("TEXT", "SUBJECT");
        case IN_SENDER -> List.of("TEXT", "FROM");
        case IN_BODY, IN_DOCUMENT -> List.of("TEXT", "BODY");
        case IN_INNER_HEADER -> List.of("TEXT");
        case ACROSS_LINES -> List.of();
      };
    }
  }

  /// How a person asks for it.
  public String query() {
    return text.contains(" ") ? '"' + text + '"' : text;
  }

  /// A message in which all of it stands, but not in its order.
  public Octets decoy() {
    int half = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
    String mixed = text.substring(half) + " " + text.substring(0, half);
    byte[] body = Mime.text("plain; charset=utf-8", "8bit", mixed.getBytes(UTF_8));
    return Octets.of(Mime.message("Minutes of another week", body));
  }
}
