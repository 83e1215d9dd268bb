package org.muniment.server.capture.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// Mailbox names of IMAP4rev1 (RFC 3501 section 5.1.3): printable ASCII stands for itself, `&-` for
/// `&`, and `&...-` for UTF-16BE in base64 with `,` in place of `/` and without padding.
public final class ModifiedUtf7 {

  private ModifiedUtf7() {}

  /// A name as it came, shown decoded when it is of that form, as UTF-8 or ISO-8859-1 otherwise.
  public static SourceText name(byte[] octets) {
    String raw = new String(octets, StandardCharsets.ISO_8859_1);
    String decoded = decode(raw);
    return decoded == null ? SourceText.of(octets) : new SourceText(raw, decoded);
  }

  /// The octets that a server of IMAP4rev1 knows a name by: ASCII.
  public static String encode(String name) {
    StringBuilder octets = new StringBuilder();
    int at = 0;
    while (at < name.length()) {
      int end = at;
      while (end < name.length() && !isPrintable(name.charAt(end))) {
        end++;
      }
      if (end > at) {
        octets.append('&').append(base64(name.substring(at, end))).append('-');
        at = end;
      } else {
        char c = name.charAt(at++);
        octets.append(c == '&' ? "&-" : String.valueOf(c));
      }
    }
    return octets.toString();
  }

  private static boolean isPrintable(char c) {
    return c >= 0x20 && c <= 0x7E;
  }

  private static String base64(String run) {
    byte[] utf16 = run.getBytes(StandardCharsets.UTF_16BE);
    return Base64.getEncoder().withoutPadding().encodeToString(utf16).replace('/', ',');
  }

  private static @Nullable String decode(String name) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < name.length()) {
      char c = name.charAt(at);
      if (c < 0x20 || c > 0x7E) {
        return null;
      }
      if (c != '&') {
        text.append(c);
        at++;
        continue;
      }
      int end = name.indexOf('-', at);
      String run = end < 0 ? null : run(name.substring(at + 1, end));
      if (run == null) {
        return null;
      }
      text.append(run);
      at = end + 1;
    }
    return text.toString();
  }

  private static @Nullable String run(String base64) {
    if (base64.isEmpty()) {
      return "&";
    }
    try {
      byte[] utf16 = Base64.getDecoder().decode(base64.replace(',', '/'));
      return StandardCharsets.UTF_16BE.newDecoder().decode(ByteBuffer.wrap(utf16)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }
}
