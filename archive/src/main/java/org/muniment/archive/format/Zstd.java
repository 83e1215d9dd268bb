package org.muniment.archive.format;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.muniment.archive.store.CorruptArchiveException;

/// Compression of contents (RFC 8878), one zstd frame per content. Safe for use by many threads.
final class Zstd {

  private static final Idle<Compressor> COMPRESSORS = new Idle<>(Compressor::new);
  private static final Idle<ZstdDecompressCtx> DECOMPRESSORS = new Idle<>(ZstdDecompressCtx::new);

  private Zstd() {}

  static byte[] compress(byte[] raw, int length, Content.Effort effort) {
    Compressor compressor = COMPRESSORS.take();
    byte[] stored = compressor.compress(raw, length, effort);
    COMPRESSORS.giveBack(compressor);
    return stored;
  }

  static byte[] decompress(byte[] stored, int raw, String resource, long offset)
      throws CorruptArchiveException {
    ZstdDecompressCtx context = DECOMPRESSORS.take();
    byte[] octets;
    try {
      octets = context.decompress(stored, raw);
    } catch (ZstdException e) {
      context.close();
      throw new CorruptArchiveException(
          resource, offset, "a zstd frame", String.valueOf(e.getMessage()));
    }
    DECOMPRESSORS.giveBack(context);
    if (octets.length != raw) {
      throw new CorruptArchiveException(resource, offset, raw + " octets", octets.length + "");
    }
    return octets;
  }

  /// A context with room for what it makes, whose length is known afterwards only.
  private static final class Compressor implements AutoCloseable {

    /// Octets of room that are kept: enough for all frames but those of the largest messages.
    private static final int KEPT = 2 << 20;

    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private byte[] room = {};

    byte[] compress(byte[] raw, int length, Content.Effort effort) {
      byte[] into = room((int) com.github.luben.zstd.Zstd.compressBound(length));
      int stored =
          context.setLevel(effort.level()).compressByteArray(into, 0, into.length, raw, 0, length);
      return Arrays.copyOf(into, stored);
    }

    private byte[] room(int octets) {
      if (octets > KEPT) {
        return new byte[octets];
      }
      if (room.length < octets) {
        room = new byte[Math.min(KEPT, 2 * octets)];
      }
      return room;
    }

    @Override
    public void close() {
      context.close();
    }
  }

  /// Contexts that nobody uses at present: to make one costs more than to decompress a small
  /// message. A few are kept, because each holds memory outside the heap.
  private static final class Idle<T extends AutoCloseable> {

    private static final int MOST = 8;

    private final BlockingQueue<T> contexts = new ArrayBlockingQueue<>(MOST);
    private final Supplier<T> make;

    Idle(Supplier<T> make) {
      this.make = make;
    }

    T take() {
      T idle = contexts.poll();
      return idle == null ? make.get() : idle;
    }

    void giveBack(T context) {
      if (!contexts.offer(context)) {
        close(context);
      }
    }

    private void close(T context) {
      try {
        context.close();
      } catch (Exception e) {
        throw new IllegalStateException("a zstd context closes", e);
      }
    }
  }
}
