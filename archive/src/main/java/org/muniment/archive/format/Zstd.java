package org.muniment.archive.format;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import org.muniment.archive.store.CorruptArchiveException;

/// Compression of payloads (RFC 8878), one zstd frame per payload.
final class Zstd {

  private static final int LEVEL = 3;

  private Zstd() {}

  static byte[] compress(byte[] raw) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      return context.setLevel(LEVEL).compress(raw);
    }
  }

  static byte[] decompress(byte[] stored, int raw, String resource, long offset)
      throws CorruptArchiveException {
    try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
      byte[] octets = context.decompress(stored, raw);
      if (octets.length == raw) {
        return octets;
      }
      throw new CorruptArchiveException(resource, offset, raw + " octets", octets.length + "");
    } catch (ZstdException e) {
      throw new CorruptArchiveException(
          resource, offset, "a zstd frame", String.valueOf(e.getMessage()));
    }
  }
}
