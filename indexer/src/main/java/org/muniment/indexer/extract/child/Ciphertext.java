package org.muniment.indexer.extract.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Encrypted messages: S/MIME (RFC 8551 section 3.3) and PGP/MIME (RFC 3156 section 4).
final class Ciphertext {

  /// Octets at the beginning that are looked at.
  private static final int BEGINNING = 64;

  /// DER of the object identifier of enveloped-data (RFC 5652 section 6.1), as ISO-8859-1.
  private static final String ENVELOPED =
      new String(HexFormat.of().parseHex("06092a864886f70d010703"), StandardCharsets.ISO_8859_1);

  private static final String PGP = "-----BEGIN PGP MESSAGE-----";

  private Ciphertext() {}

  static boolean is(Path document) throws IOException {
    try (InputStream in = Files.newInputStream(document)) {
      return begins(in.readNBytes(BEGINNING));
    }
  }

  /// Looks at the beginning of a document that supports marks, and leaves it there.
  static boolean is(InputStream document) throws IOException {
    document.mark(BEGINNING);
    boolean found = begins(document.readNBytes(BEGINNING));
    document.reset();
    return found;
  }

  private static boolean begins(byte[] octets) {
    String beginning = new String(octets, StandardCharsets.ISO_8859_1);
    return beginning.stripLeading().startsWith(PGP) || beginning.contains(ENVELOPED);
  }
}
