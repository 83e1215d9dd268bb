package org.muniment.archive.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.muniment.archive.store.CorruptArchiveException;

/// A frame of a journal or a segment, without its payload.
///
/// ```
/// frame   = header payload
/// header  = magic(4) kind(1) zero(3) number(4) stored(4) raw(4) first(8) count(4)
///           payload-crc(4) header-crc(4)
/// payload = zstd(content), in an encrypted archive sealed with AES-256-GCM: ciphertext || tag(16)
/// nonce   = zero(4) || number as 8 octets
/// aad     = offset(8) || header up to count (32)
/// ```
///
/// Integers are big-endian; checksums are CRC-32C (RFC 3720 appendix B.4): one over the payload as
/// stored, so that a frame is checked without a key, one over the 36 octets of the header before
/// it, so that a reader can pass over payloads.
///
/// | kind | content | first | count |
/// |---|---|---|---|
/// | 1 state | [State] | 0 | 0 |
/// | 2 part | id(32) length(8), up to 1 MiB of a part | 0 | number of pieces that follow |
/// | 3 piece | up to 1 MiB more of it | offset in the part | 0 |
/// | 4 messages | *( length(4) [MessageRecord] ) | 0 | number of messages |
/// | 5 events | *( [LoggedEvent] ) | leaf of the first | number of events |
/// | 6 table | *( [TableEntry] ) | 0 | number of entries |
/// | 7 footer | [Footer] | 0 | 0 |
///
/// @param number of the frame in its file, from 0
/// @param stored octets of the payload
/// @param raw octets of the content
/// @param first see the table
/// @param count see the table
/// @param offset of the header in the file
public record Frame(
    Kind kind,
    int number,
    int stored,
    int raw,
    long first,
    int count,
    int payloadCrc,
    long offset) {

  /// Octets in a header.
  public static final int HEADER = 40;

  /// The most octets a payload or a content has.
  public static final int MAX_PAYLOAD = 64 << 20;

  /// The most octets of a part in one frame.
  public static final int MAX_PIECE = 1 << 20;

  /// Octets before those of the part in its first frame: its id and its length.
  private static final int PART_HEAD = 40;

  private static final int MAGIC = 0x4D4E4652; // "MNFR"
  private static final int CHECKED = HEADER - Integer.BYTES;
  private static final int SEALED = CHECKED - Integer.BYTES;

  /// What a frame holds.
  public enum Kind {
    /// What a writer must know of all before: the first frame of a journal, and only there.
    STATE(1),
    /// The beginning of a part.
    PART(2),
    /// More of the part before it.
    PIECE(3),
    /// Messages: what is their own, and references to their parts.
    MESSAGES(4),
    /// Events, with their leaves.
    EVENTS(5),
    /// Where messages and parts lie in a segment.
    TABLE(6),
    /// What a segment holds: its last frame, and only there.
    FOOTER(7);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    /// The most octets of a content.
    private int mostRaw() {
      return switch (this) {
        case PART -> PART_HEAD + MAX_PIECE;
        case PIECE -> MAX_PIECE;
        case TABLE -> TableEntry.MOST * TableEntry.LENGTH;
        case STATE, MESSAGES, EVENTS, FOOTER -> MAX_PAYLOAD;
      };
    }
  }

  /// Where the frame after it begins.
  public long end() {
    return offset + HEADER + stored;
  }

  /// The octets of the header.
  byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.putInt(MAGIC).put(kind.code).put(new byte[3]).putInt(number);
    header.putInt(stored).putInt(raw).putLong(first).putInt(count).putInt(payloadCrc);
    header.putInt(crc(header.array(), 0, CHECKED));
    return header.array();
  }

  /// What the seal of the payload covers besides it.
  byte[] associated() {
    return ByteBuffer.allocate(Long.BYTES + SEALED)
        .putLong(offset)
        .put(header(), 0, SEALED)
        .array();
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
    int number = header.getInt();
    int stored = header.getInt();
    int raw = header.getInt();
    long first = header.getLong();
    int count = header.getInt();
    int crc = header.getInt();
    Frame frame =
        new Frame(kind(code, resource, offset), number, stored, raw, first, count, crc, offset);
    int most = frame.kind.mostRaw();
    if (outside(stored, MAX_PAYLOAD)
        || outside(raw, most)
        || number < 0
        || first < 0
        || count < 0) {
      throw new CorruptArchiveException(
          resource, offset, "a content of up to " + most, frame.toString());
    }
    if (!Arrays.equals(frame.header(), octets)) {
      throw new CorruptArchiveException(resource, offset, "zeros in a frame header", "others");
    }
    return frame;
  }

  /// Whether what stands at a place of an array may be a header.
  static boolean begins(byte[] octets, int at) {
    return octets[at] == 'M'
        && octets[at + 1] == 'N'
        && octets[at + 2] == 'F'
        && octets[at + 3] == 'R';
  }

  private static boolean outside(int length, int most) {
    return length < 0 || length > most;
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
