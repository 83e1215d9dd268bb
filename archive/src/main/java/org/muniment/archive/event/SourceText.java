package org.muniment.archive.event;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// A text that a source chose and that may be any octets at all: a mailbox name, a keyword, a
/// server's words.
///
/// @param octets the octets as they came, one ISO-8859-1 character for each
/// @param display what to show a person, always well-formed Unicode; never used to compare or to
///   look up
public record SourceText(String octets, String display) {

  /// @throws IllegalArgumentException when `octets` has a character above U+00FF
  public SourceText {
    if (octets.chars().anyMatch(c -> c > 0xFF)) {
      throw new IllegalArgumentException("the octets of a source text are characters up to U+00FF");
    }
    // Half a surrogate pair, which modified UTF-7 can produce, has no UTF-8 and so no JSON.
    display = new String(display.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /// Octets that are UTF-8 when they can be, ISO-8859-1 otherwise.
  public static SourceText of(byte[] octets) {
    String raw = new String(octets, StandardCharsets.ISO_8859_1);
    try {
      return new SourceText(
          raw, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
    } catch (CharacterCodingException e) {
      return new SourceText(raw, raw);
    }
  }

  /// The UTF-8 octets of `text`, shown as they are.
  public static SourceText of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The octets, a fresh array.
  public byte[] bytes() {
    return octets.getBytes(StandardCharsets.ISO_8859_1);
  }
}
