package org.muniment.archive.format;

/// Frames with right checksums that no writer would write, not encrypted.
public final class ForgedFrame {

  private ForgedFrame() {}

  /// The octets of a frame.
  ///
  /// @param like what the header says, but for the lengths
  public static byte[] of(Frame like, byte[] content) {
    Content compressed =
        Content.of(
            like.kind(),
            like.first(),
            like.count(),
            content,
            content.length,
            Content.Effort.THOROUGH);
    return of(like, content.length, compressed.compressed());
  }

  /// The octets of a frame with a payload as it is.
  ///
  /// @param raw octets of the content
  public static byte[] of(Frame like, int raw, byte[] payload) {
    byte[] header =
        new Frame(
                like.kind(),
                like.number(),
                payload.length,
                raw,
                like.first(),
                like.count(),
                Frame.crc(payload, 0, payload.length),
                like.offset())
            .header();
    byte[] frame = java.util.Arrays.copyOf(header, header.length + payload.length);
    System.arraycopy(payload, 0, frame, header.length, payload.length);
    return frame;
  }
}
