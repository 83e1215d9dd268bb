package org.muniment.server.capture.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.LongSupplier;

/// Bounds what comes out of an archive by what went in: mail is packed to a third or a tenth, a
/// mailbox of equal messages to a fiftieth, DEFLATE at most to a thousandth.
final class Inflation {

  /// Octets that may come out of one octet, on average of the whole.
  private static final long MAX_RATIO = 200;

  /// Octets that may come out whatever went in.
  private static final long FREE = 64L << 20;

  private final LongSupplier packed;
  private long unpacked;

  /// @param packed octets that went in until now
  Inflation(LongSupplier packed) {
    this.packed = packed;
  }

  /// Octets that came out.
  long unpacked() {
    return unpacked;
  }

  private void count(long octets) throws InflationException {
    unpacked += octets;
    if (unpacked > FREE && (unpacked - FREE) / MAX_RATIO > packed.getAsLong()) {
      throw new InflationException(packed.getAsLong(), unpacked);
    }
  }

  /// A stream whose octets count as having come out.
  InputStream counting(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int octet = super.read();
        count(octet < 0 ? 0 : 1);
        return octet;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        int read = super.read(into, offset, length);
        count(Math.max(0, read));
        return read;
      }

      @Override
      public long skip(long octets) throws IOException {
        byte[] chunk = new byte[1 << 13];
        long skipped = 0;
        int read = 0;
        while (skipped < octets && read >= 0) {
          read = read(chunk, 0, (int) Math.min(chunk.length, octets - skipped));
          skipped += Math.max(0, read);
        }
        return skipped;
      }
    };
  }
}
