package org.muniment.indexer.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Mail for tests, written as text with LF and one character for each octet.
public final class Mails {

  private Mails() {}

  /// Octets with CRLF.
  public static byte[] crlf(String text) {
    return lf(text.replace("\n", "\r\n"));
  }

  /// Octets as the text stands.
  public static byte[] lf(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static Structure read(byte[] octets) {
    try {
      return StructureReader.read(new ByteArrayInputStream(octets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Structure read(String text) {
    return read(crlf(text));
  }

  /// The octets of the body of a part.
  public static String body(byte[] octets, Part part) {
    return new String(octets, (int) part.body(), (int) part.size(), StandardCharsets.ISO_8859_1);
  }
}
