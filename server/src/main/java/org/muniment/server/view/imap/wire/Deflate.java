package org.muniment.server.view.imap.wire;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// DEFLATE over both directions of a connection (RFC 4978), raw, without header or checksum (RFC
/// 1951). What comes in is inflated piece by piece into the buffer of whoever reads, so that all
/// limits count octets behind the compression and a bomb takes no memory.
public final class Deflate implements AutoCloseable {

  /// Most connections at a time: each takes some 300 KiB outside of the heap.
  static final int MAX_CONNECTIONS = 500;

  private static final Semaphore FREE = new Semaphore(MAX_CONNECTIONS);
  private static final int BUFFER = 4 << 10;

  private final Inflater inflater = new Inflater(/* nowrap= */ true);
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, /* nowrap= */ true);
  private boolean closed;

  private Deflate() {}

  /// Empty when [#MAX_CONNECTIONS] are compressed.
  public static Optional<Deflate> begin() {
    return FREE.tryAcquire() ? Optional.of(new Deflate()) : Optional.empty();
  }

  /// What the client sends. A read that times out can be done again.
  public InputStream inflated(InputStream in) {
    return new InflaterInputStream(in, inflater, BUFFER);
  }

  /// What goes to the client; a flush gives all of it.
  public OutputStream deflated(OutputStream out) {
    return new DeflaterOutputStream(out, deflater, BUFFER, /* syncFlush= */ true);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inflater.end();
      deflater.end();
      FREE.release();
    }
  }
}
