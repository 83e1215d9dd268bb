package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.muniment.indexer.text.Extracted.Status;

/// Decodes a file that stands between the lines of a text, from the line that begins it to the one
/// that ends it. What follows is left in the lines.
abstract sealed class EnclosedDecoder extends InputStream permits UuDecoder, YencDecoder {

  final LineOctets lines;
  final byte[] decoded = new byte[LineOctets.MAX_PIECE];
  int limit;
  private int at;
  private boolean ended;

  EnclosedDecoder(LineOctets lines) {
    this.lines = lines;
  }

  /// Decodes a line into `decoded`, up to `limit`; false where the file ends.
  abstract boolean line() throws IOException;

  /// Name of the file as the sender wrote it, each octet one ISO-8859-1 character.
  abstract String name();

  /// How the reading went, once it is at its end.
  abstract Status status();

  private boolean fill() throws IOException {
    while (at == limit && !ended) {
      at = 0;
      limit = 0;
      ended = !line();
    }
    return at < limit;
  }

  @Override
  public int read() throws IOException {
    return fill() ? decoded[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] octets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, octets.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, limit - at);
    System.arraycopy(decoded, at, octets, offset, count);
    at += count;
    return count;
  }

  /// Closes the text, too.
  @Override
  public void close() throws IOException {
    lines.close();
  }
}
