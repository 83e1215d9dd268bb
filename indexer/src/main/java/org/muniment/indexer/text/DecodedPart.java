package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import org.muniment.indexer.mail.Part;

/// The octets of a part without their transfer encoding.
public final class DecodedPart {

  private DecodedPart() {}

  /// Opens the body of a part. A multipart or a message is given as it stands, whatever encoding it
  /// claims; a message in base64 or quoted-printable, which is a leaf, is decoded.
  ///
  /// @throws IOException only the source's own
  public static TransferDecoder open(Part part, OctetSource octets) throws IOException {
    boolean leaf = part.children().isEmpty() && part.message() == null;
    return TransferDecoder.of(leaf ? part.encoding() : "binary", body(part, octets));
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
