package org.muniment.archive.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// A stream that is made chunk by chunk.
abstract class ChunkedStream extends InputStream {

  private byte[] chunk = new byte[0];
  private int at;

  /// The next octets; none at the end.
  abstract byte[] next() throws IOException;

  @Override
  public final int read() throws IOException {
    return fill() ? chunk[at++] & 0xFF : -1;
  }

  @Override
  public final int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int read = Math.min(length, chunk.length - at);
    System.arraycopy(chunk, at, into, offset, read);
    at += read;
    return read;
  }

  private boolean fill() throws IOException {
    if (at == chunk.length) {
      chunk = next();
      at = 0;
    }
    return chunk.length > 0;
  }
}
