package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.muniment.indexer.text.Extracted.Status;

/// The octets of a text without the files that stand in it between their own lines: uuencode and
/// yEnc.
final class TextOctets extends InputStream {

  /// Most files that are looked for in a text; what follows is text.
  static final int MAX_FILES = 1000;

  private static final int SKIPPED = 8 << 10;

  /// A file that was met.
  ///
  /// @param offset of the line that begins it
  record Found(String name, long offset, Status status) {}

  private final LineOctets lines;
  private final List<Found> found = new ArrayList<>();
  private final byte[] out = new byte[LineOctets.MAX_PIECE];
  private int at;
  private int limit;

  TextOctets(InputStream text) {
    lines = new LineOctets(text);
  }

  /// The files that were met up to here.
  List<Found> found() {
    return found;
  }

  /// Decodes the file that begins at an offset of a text.
  static InputStream open(InputStream text, long offset) throws IOException {
    text.skipNBytes(offset);
    LineOctets lines = new LineOctets(text);
    lines.next();
    return YencDecoder.begins(lines) ? new YencDecoder(lines) : new UuDecoder(lines);
  }

  private boolean fill() throws IOException {
    at = 0;
    limit = 0;
    while (limit == 0) {
      if (!lines.next()) {
        return false;
      }
      boolean more = found.size() < MAX_FILES;
      if (more && YencDecoder.begins(lines)) {
        file(lines.offset(), new YencDecoder(lines));
      } else if (more && UuDecoder.begins(lines)) {
        uuencoded();
      } else {
        append();
      }
    }
    return true;
  }

  /// Takes a line as text until the one after it shows that a file begins.
  private void uuencoded() throws IOException {
    long offset = lines.offset();
    append();
    UuDecoder file = new UuDecoder(lines);
    if (lines.next()) {
      boolean data = UuDecoder.isData(lines);
      lines.stay();
      if (data) {
        limit = 0;
        file(offset, file);
      }
    }
  }

  private void file(long offset, EnclosedDecoder file) throws IOException {
    byte[] decoded = new byte[SKIPPED];
    int read;
    do {
      read = file.read(decoded, 0, decoded.length);
    } while (read >= 0);
    found.add(new Found(file.name(), offset, file.status()));
  }

  private void append() {
    lines.copyRaw(out);
    limit = lines.rawLength();
  }

  @Override
  public int read() throws IOException {
    return at < limit || fill() ? out[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] octets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, octets.length);
    if (length == 0) {
      return 0;
    }
    if (at == limit && !fill()) {
      return -1;
    }
    int count = Math.min(length, limit - at);
    System.arraycopy(out, at, octets, offset, count);
    at += count;
    return count;
  }
}
