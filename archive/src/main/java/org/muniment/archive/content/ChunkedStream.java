package org.muniment.archive.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// A stream that is made chunk by chunk.
abstract class ChunkedStream extends InputStream {

  private final byte[] chunk;
  private int count;
  private int at;

  /// @param longest octets of a chunk, at most
  ChunkedStream(int longest) {
    chunk = new byte[longest];
  }

  /// Makes the next octets.
  ///
  /// @return how many; 0 at the end
  abstract int next(byte[] into) throws IOException;

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
    int read = Math.min(length, count - at);
    System.arraycopy(chunk, at, into, offset, read);
    at += read;
    return read;
  }

  private boolean fill() throws IOException {
    if (at == count) {
      count = next(chunk);
      at = 0;
    }
    return count > 0;
  }
}
