package org.muniment.server.view.imap.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Mailbox names on the wire of IMAP4rev1 (RFC 3501 section 5.1.3): printable US-ASCII stands for
/// itself but for `&`, which is `&-`; all else is UTF-16 in Base64 with `,` for `/`, between `&`
/// and `-`.
public final class ModifiedUtf7 {

  private ModifiedUtf7() {}

  /// Encodes any text.
  public static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && !isPrintable(text.charAt(end))) {
        end++;
      }
      if (end > at) {
        shift(text.substring(at, end), encoded);
        at = end;
      } else {
        char c = text.charAt(at++);
        encoded.append(c == '&' ? "&-" : String.valueOf(c));
      }
    }
    return encoded.toString();
  }

  private static void shift(String run, StringBuilder encoded) {
    // UTF-16 by hand: the charset would replace a lone surrogate.
    ByteBuffer utf16 = ByteBuffer.allocate(2 * run.length());
    run.chars().forEach(c -> utf16.putChar((char) c));
    String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16.array());
    encoded.append('&').append(base64.replace('/', ',')).append('-');
  }

  /// Decodes a name. One with octets above 0x7F is read as UTF-8, which some clients send.
  ///
  /// @param raw each octet one ISO-8859-1 character
  /// @throws SyntaxException when it is neither
  public static String decode(String raw) throws SyntaxException {
    if (raw.chars().anyMatch(c -> c > 0x7F)) {
      return utf8(raw);
    }
    StringBuilder decoded = new StringBuilder();
    int at = 0;
    while (at < raw.length()) {
      char c = raw.charAt(at++);
      if (c != '&') {
        decoded.append(c);
        continue;
      }
      int end = raw.indexOf('-', at);
      if (end < 0) {
        throw malformed();
      }
      decoded.append(end == at ? "&" : unshift(raw.substring(at, end)));
      at = end + 1;
    }
    return decoded.toString();
  }

  private static String unshift(String base64) throws SyntaxException {
    byte[] utf16;
    try {
      utf16 = Base64.getDecoder().decode(base64.replace(',', '/'));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    if (utf16.length == 0 || utf16.length % 2 != 0) {
      throw malformed();
    }
    return ByteBuffer.wrap(utf16).asCharBuffer().toString();
  }

  /// Decodes a name that is in UTF-8, whatever else it looks like.
  ///
  /// @param raw each octet one ISO-8859-1 character
  /// @throws SyntaxException when it is not
  static String utf8(String raw) throws SyntaxException {
    try {
      byte[] octets = raw.getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      throw new SyntaxException("expected a mailbox name in UTF-8");
    }
  }

  private static SyntaxException malformed() {
    return new SyntaxException("expected a mailbox name in modified UTF-7");
  }

  private static boolean isPrintable(char c) {
    return c >= ' ' && c <= '~';
  }
}
