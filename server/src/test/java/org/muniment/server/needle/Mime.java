package org.muniment.server.needle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;

/// Messages put together octet by octet (RFC 2045, 2046).
///
/// An entity is some fields, an empty line and a body; a message is more fields before an entity.
final class Mime {

  /// So short that lines break in the middle of words and of characters.
  private static final int LINE = 12;

  private Mime() {}

  /// @param subject as it stands on the wire
  static byte[] message(String subject, byte[] entity) {
    return message("Anna <anna@example.com>", subject, entity);
  }

  /// @param from as it stands on the wire
  /// @param subject as it stands on the wire
  static byte[] message(String from, String subject, byte[] entity) {
    String fields =
        "From: %s\r\nTo: team@example.org\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"
            .formatted(from, subject);
    return joined(fields.getBytes(UTF_8), entity);
  }

  /// @param type after `text/`, with its parameters
  static byte[] text(String type, String encoding, byte[] octets) {
    return entity("Content-Type: text/" + type, encoding, octets);
  }

  /// @param fields without a line break at their end
  static byte[] entity(String fields, String encoding, byte[] octets) {
    return joined(
        (fields + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n").getBytes(UTF_8),
        encoded(encoding, octets));
  }

  /// An attachment of which the type tells nothing.
  static byte[] file(String name, byte[] octets) {
    return entity(
        "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="
            + name,
        "base64",
        octets);
  }

  static byte[] multipart(String subtype, byte[]... parts) {
    String boundary = "part-" + Integer.toHexString(Arrays.deepHashCode(parts));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ("Content-Type: multipart/" + subtype + "; boundary=" + boundary + "\r\n")
            .getBytes(US_ASCII));
    for (byte[] part : parts) {
      out.writeBytes(("\r\n--" + boundary + "\r\n").getBytes(US_ASCII));
      out.writeBytes(part);
    }
    out.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(US_ASCII));
    return out.toByteArray();
  }

  private static byte[] encoded(String encoding, byte[] octets) {
    return switch (encoding) {
      case "base64" -> Base64.getMimeEncoder(LINE, new byte[] {'\r', '\n'}).encode(octets);
      case "quoted-printable" -> quotedPrintable(octets);
      default -> octets;
    };
  }

  private static byte[] quotedPrintable(byte[] octets) {
    StringBuilder text = new StringBuilder();
    int column = 0;
    for (byte octet : octets) {
      if (column >= LINE) {
        text.append("=\r\n");
        column = 0;
      }
      boolean plain = octet > ' ' && octet <= '~' && octet != '=';
      String written = plain ? Character.toString(octet) : "=%02X".formatted(octet & 0xFF);
      text.append(written);
      column += written.length();
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(one);
    out.writeBytes(other);
    return out.toByteArray();
  }
}
