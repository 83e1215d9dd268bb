package org.muniment.indexer.text;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// The octets of a body without its transfer encoding (RFC 2045 section 6). Wrong octets are left
/// out or taken as they are; nothing throws but the stream below.
public abstract sealed class TransferDecoder extends InputStream
    permits Base64Decoder, IdentityDecoder, QuotedPrintableDecoder {

  private final InputStream encoded;
  private boolean malformed;

  TransferDecoder(InputStream encoded) {
    this.encoded = new BufferedInputStream(encoded, 16 << 10);
  }

  /// @param encoding in lower case; an unknown one is taken as none
  static TransferDecoder of(String encoding, InputStream encoded) {
    return switch (encoding) {
      case "base64" -> new Base64Decoder(encoded);
      case "quoted-printable" -> new QuotedPrintableDecoder(encoded);
      default -> new IdentityDecoder(encoded);
    };
  }

  /// The next decoded octet, or -1.
  abstract int decode() throws IOException;

  /// The next encoded octet, or -1.
  final int next() throws IOException {
    return encoded.read();
  }

  final void noteMalformed() {
    malformed = true;
  }

  /// Whether wrong octets were met up to here.
  public final boolean malformed() {
    return malformed;
  }

  @Override
  public int read() throws IOException {
    return decode();
  }

  @Override
  public int read(byte[] octets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, octets.length);
    int count = 0;
    while (count < length) {
      int octet = decode();
      if (octet < 0) {
        break;
      }
      octets[offset + count++] = (byte) octet;
    }
    return count == 0 && length > 0 ? -1 : count;
  }

  @Override
  public void close() throws IOException {
    encoded.close();
  }
}
