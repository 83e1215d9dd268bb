package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;

/// The first octets of a stream.
final class Limited extends InputStream {

  private final InputStream in;
  private long left;

  Limited(InputStream in, long length) {
    this.in = in;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    int octet = left > 0 ? in.read() : -1;
    left -= octet < 0 ? 0 : 1;
    return octet;
  }

  @Override
  public int read(byte[] octets, int offset, int length) throws IOException {
    if (left <= 0) {
      return length == 0 ? 0 : -1;
    }
    int count = in.read(octets, offset, (int) Math.min(left, length));
    left -= Math.max(0, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
