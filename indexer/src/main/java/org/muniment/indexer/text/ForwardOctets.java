package org.muniment.indexer.text;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// A source whose streams share one stream of the source below, as long as they are read one after
/// the other and from the beginning to the end of the message. So a message of thousands of parts
/// is opened once.
final class ForwardOctets implements OctetSource, Closeable {

  private final OctetSource octets;
  private @Nullable InputStream in;
  private long position;

  ForwardOctets(OctetSource octets) {
    this.octets = octets;
  }

  @Override
  public InputStream open(long offset) throws IOException {
    InputStream open = in;
    if (open == null || offset < position) {
      close();
      open = octets.open(offset);
      in = open;
      position = offset;
    }
    while (position < offset) {
      long skipped = open.skip(offset - position);
      if (skipped <= 0 && open.read() < 0) {
        break;
      }
      position += Math.max(1, skipped);
    }
    return new Shared(open);
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }

  /// Counts what is read; closing it leaves the stream below open.
  private final class Shared extends InputStream {
    private final InputStream shared;

    Shared(InputStream shared) {
      this.shared = shared;
    }

    @Override
    public int read() throws IOException {
      int octet = shared.read();
      position += octet < 0 ? 0 : 1;
      return octet;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = shared.read(into, offset, length);
      position += Math.max(0, count);
      return count;
    }
  }
}
