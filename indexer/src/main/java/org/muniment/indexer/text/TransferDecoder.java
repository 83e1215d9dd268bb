package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// The octets of a body without its transfer encoding (RFC 2045 section 6). Wrong octets are left
/// out or taken as they are; nothing throws but the stream below.
public abstract sealed class TransferDecoder extends InputStream
    permits Base64Decoder, IdentityDecoder, QuotedPrintableDecoder, UuencodeDecoder {

  private static final int BUFFER = 16 << 10;

  private final InputStream encoded;

  // No BufferedInputStream, whose lock for each octet takes as long as all else.
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int limit;
  private boolean malformed;

  TransferDecoder(InputStream encoded) {
    this.encoded = encoded;
  }

  /// @param encoding in lower case; an unknown one is taken as none
  static TransferDecoder of(String encoding, InputStream encoded) {
    if (isUuencode(encoding)) {
      return new UuencodeDecoder(encoded);
    }
    return switch (encoding) {
      case "base64" -> new Base64Decoder(encoded);
      case "quoted-printable" -> new QuotedPrintableDecoder(encoded);
      default -> new IdentityDecoder(encoded);
    };
  }

  /// Whether an encoding is taken off.
  static boolean isDecoded(String encoding) {
    return encoding.equals("base64") || encoding.equals("quoted-printable") || isUuencode(encoding);
  }

  /// Whether an encoding is what mail had before MIME.
  static boolean isUuencode(String encoding) {
    return encoding.equals("x-uuencode") || encoding.equals("x-uue") || encoding.equals("uuencode");
  }

  /// The next decoded octet, or -1.
  abstract int decode() throws IOException;

  /// The next encoded octet, or -1.
  final int next() throws IOException {
    if (at == limit) {
      limit = Math.max(0, encoded.read(buffer, 0, BUFFER));
      at = 0;
    }
    return at < limit ? buffer[at++] & 0xFF : -1;
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
