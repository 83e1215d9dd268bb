package org.muniment.archive.format;

/// The content of a frame, compressed but not yet sealed: made where there is time, written where
/// the place in the file is known.
///
/// @param raw octets when decompressed
/// @param compressed not copied
@SuppressWarnings("ArrayRecordComponent")
public record Content(Frame.Kind kind, long first, int count, int raw, byte[] compressed) {

  /// Compresses a content.
  ///
  /// @param length octets of `raw` to take
  public static Content of(
      Frame.Kind kind, long first, int count, byte[] raw, int length, Effort effort) {
    return new Content(kind, first, count, length, Zstd.compress(raw, length, effort));
  }

  /// Octets of a frame with this content, at most.
  public int length() {
    return Frame.HEADER + compressed.length;
  }

  /// How hard to compress.
  public enum Effort {
    /// For what is soon rewritten.
    FAST(1),
    /// For what stays.
    THOROUGH(3);

    private final int level;

    Effort(int level) {
      this.level = level;
    }

    int level() {
      return level;
    }
  }
}
