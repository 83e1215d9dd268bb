package org.muniment.archive.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.muniment.archive.store.CorruptArchiveException;

/// A frame of a journal, without its payload.
///
/// ```
/// frame   = header payload
/// header  = magic(4) kind(1) zero(3) stored(4) raw(4) first(8) count(4) payload-crc(4) header-crc(4)
/// ```
///
/// Integers are big-endian; both checksums are CRC-32C (RFC 3720 appendix B.4), the header's over
/// its first 32 octets. The header has a checksum of its own so that a reader can pass over
/// payloads.
///
/// | kind | payload | first | count |
/// |---|---|---|---|
/// | 1 state | JSON: the mailboxes and their next UIDs before the first event of the journal | 0 | 0 |
/// | 2 message | SHA-256 of the octets (32), length (8); its pieces follow | 0 | number of pieces |
/// | 3 piece | up to 1 MiB of the octets, zstd | offset in the message | 0 |
/// | 4 events | zstd of *( time(8) blind(32) length(4) event ) | index of the first leaf | number of events |
///
/// @param stored octets of the payload as stored
/// @param raw octets of the payload when decompressed; equal to `stored` where it is not compressed
/// @param first see the table
/// @param count see the table
public record Frame(Kind kind, int stored, int raw, long first, int count, int payloadCrc) {

  /// Octets in a header.
  public static final int HEADER = 36;

  /// The most octets a payload has, stored or raw.
  public static final int MAX_PAYLOAD = 64 << 20;

  private static final int MAGIC = 0x4D4E4652; // "MNFR"
  private static final int CHECKED = HEADER - Integer.BYTES;

  /// What a frame holds.
  public enum Kind {
    STATE(1),
    MESSAGE(2),
    PIECE(3),
    EVENTS(4);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }
  }

  /// The octets of the header.
  byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.putInt(MAGIC).put(kind.code).put(new byte[3]);
    header.putInt(stored).putInt(raw).putLong(first).putInt(count).putInt(payloadCrc);
    header.putInt(crc(header.array(), 0, CHECKED));
    return header.array();
  }

  /// Reads a header of [#HEADER] octets.
  static Frame parse(byte[] octets, String resource, long offset) throws CorruptArchiveException {
    ByteBuffer header = ByteBuffer.wrap(octets);
    if (header.getInt() != MAGIC) {
      throw new CorruptArchiveException(resource, offset, "a frame", "other octets");
    }
    if (header.getInt(CHECKED) != crc(octets, 0, CHECKED)) {
      throw new CorruptArchiveException(resource, offset, "a frame header", "a wrong checksum");
    }
    byte code = header.get();
    header.position(8);
    Frame frame =
        new Frame(
            kind(code, resource, offset),
            header.getInt(),
            header.getInt(),
            header.getLong(),
            header.getInt(),
            header.getInt());
    if (outside(frame.stored) || outside(frame.raw)) {
      throw new CorruptArchiveException(
          resource, offset, "a payload of up to " + MAX_PAYLOAD, frame.stored + ", " + frame.raw);
    }
    return frame;
  }

  private static boolean outside(int length) {
    return length < 0 || length > MAX_PAYLOAD;
  }

  private static Kind kind(byte code, String resource, long offset) throws CorruptArchiveException {
    for (Kind kind : Kind.values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new CorruptArchiveException(resource, offset, "a known kind of frame", "kind " + code);
  }

  /// CRC-32C.
  static int crc(byte[] octets, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(octets, offset, length);
    return (int) crc.getValue();
  }
}
