package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.muniment.indexer.mail.Part;

/// The octets of a part without their transfer encoding.
public final class DecodedPart {

  /// RFC 2045 section 6.2.
  private static final Set<String> IDENTITIES = Set.of("7bit", "8bit", "binary");

  private DecodedPart() {}

  /// Opens the body of a part. A multipart or a message is given as it stands, whatever encoding it
  /// claims; a message in base64 or quoted-printable, which is a leaf, is decoded.
  ///
  /// @throws IOException only the source's own
  public static TransferDecoder open(Part part, OctetSource octets) throws IOException {
    return TransferDecoder.of(isLeaf(part) ? part.encoding() : "binary", body(part, octets));
  }

  /// Whether the octets of a part are given as they stand.
  public static boolean isIdentity(Part part) {
    return !isLeaf(part) || IDENTITIES.contains(part.encoding());
  }

  /// Whether the encoding of a part is one that can be taken off. An unknown one is given as it
  /// stands.
  public static boolean isKnown(Part part) {
    return isIdentity(part) || TransferDecoder.isDecoded(part.encoding());
  }

  private static boolean isLeaf(Part part) {
    return part.children().isEmpty() && part.message() == null;
  }

  /// Opens the body of a text. A uuencoded one is given as it stands: it is a file among lines that
  /// may be text.
  static TransferDecoder openText(Part part, OctetSource octets) throws IOException {
    return TransferDecoder.isUuencode(part.encoding())
        ? TransferDecoder.of("binary", body(part, octets))
        : open(part, octets);
  }

  private static InputStream body(Part part, OctetSource octets) throws IOException {
    return new Limited(octets.open(part.body()), part.size());
  }
}
