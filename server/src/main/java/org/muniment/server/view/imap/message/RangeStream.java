package org.muniment.server.view.imap.message;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The first octets of a stream.
final class RangeStream extends FilterInputStream {

  private long left;

  /// @param length how many octets
  RangeStream(InputStream in, long length) {
    super(in);
    left = length;
  }

  @Override
  public int read() throws IOException {
    if (left == 0) {
      return -1;
    }
    left--;
    return super.read();
  }

  @Override
  public int read(byte[] octets, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = super.read(octets, offset, (int) Math.min(length, left));
    left -= Math.max(count, 0);
    return count;
  }
}
