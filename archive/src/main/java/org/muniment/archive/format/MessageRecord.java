package org.muniment.archive.format;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.part.Base64Run.LineEnd;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// A message as a frame keeps it: the octets that are its own, and references to its parts.
///
/// ```
/// message-record = id(32) length(varint) pieces(varint) *piece inline-octets
/// piece          = 0 length(varint)                   the next octets of inline-octets
///                / 1 ref                              the part as it is
///                / 2 ref width(varint) flags          the part as base64 lines
/// width          = 4 to 1000, a multiple of 4
/// flags          = octet: 1 CRLF ends lines, not LF; 2 the last line has its end, too
/// ref            = part-id(32) part-length(varint) file offset(varint)
/// file           = 0                                  the file that holds this record
///                / 1 number(varint)                   a segment
/// ```
///
/// @param id SHA-256 of the message
/// @param length octets of the message
/// @param pieces in order; joined they are the message
public record MessageRecord(ContentId id, long length, List<Piece> pieces) {

  private static final int INLINE = 0;
  private static final int VERBATIM = 1;
  private static final int ENCODED = 2;
  private static final int MOST_WIDTH = 1_000;
  private static final int CRLF = 1;
  private static final int ENDED = 2;

  public MessageRecord {
    pieces = List.copyOf(pieces);
  }

  /// A stretch of a message.
  public sealed interface Piece {}

  /// Octets of the message.
  ///
  /// @param octets not copied
  @SuppressWarnings("ArrayRecordComponent")
  public record Inline(byte[] octets) implements Piece {}

  /// A part as it is.
  public record Verbatim(PartRef part) implements Piece {}

  /// A part as base64 lines; what the fields say stands at [org.muniment.archive.part.Base64Run].
  public record Encoded(PartRef part, int width, LineEnd lineEnd, boolean ended) implements Piece {}

  /// A part and where it lies.
  ///
  /// @param id SHA-256 of the part
  /// @param length octets of the part
  /// @param file that holds it
  /// @param offset of its first frame
  public record PartRef(ContentId id, long length, FileId file, long offset) {}

  /// The octets of this record in a file.
  byte[] write(FileId holder) {
    FieldWriter fields = new FieldWriter().id(id).varint(length).varint(pieces.size());
    ByteArrayOutputStream inline = new ByteArrayOutputStream();
    for (Piece piece : pieces) {
      switch (piece) {
        case Inline own -> {
          fields.octet(INLINE).varint(own.octets.length);
          inline.writeBytes(own.octets);
        }
        case Verbatim verbatim -> write(fields.octet(VERBATIM), verbatim.part, holder);
        case Encoded encoded -> {
          write(fields.octet(ENCODED), encoded.part, holder);
          int flags = (encoded.lineEnd == LineEnd.CRLF ? CRLF : 0) | (encoded.ended ? ENDED : 0);
          fields.varint(encoded.width).octet(flags);
        }
      }
    }
    return fields.octets(inline.toByteArray()).toByteArray();
  }

  private static void write(FieldWriter fields, PartRef part, FileId holder) {
    fields.id(part.id).varint(part.length);
    if (part.file.equals(holder)) {
      fields.octet(0);
    } else {
      fields.octet(1).varint(part.file.number());
    }
    fields.varint(part.offset);
  }

  /// The content of a messages frame.
  public static byte[] write(List<MessageRecord> records, FileId holder) {
    FieldWriter content = new FieldWriter();
    for (MessageRecord record : records) {
      byte[] octets = record.write(holder);
      content.int32(octets.length).octets(octets);
    }
    return content.toByteArray();
  }

  /// Reads the messages of a frame, with the octets that are their own.
  ///
  /// @throws CorruptArchiveException when its content is anything else
  public static List<MessageRecord> read(FrameFile file, Frame frame) throws ArchiveException {
    byte[] content = file.content(frame);
    List<MessageRecord> records = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < frame.count(); i++) {
      int length = recordLength(content, at, file, frame.offset());
      records.add(read(content, at + Integer.BYTES, length, file, frame.offset()));
      at += Integer.BYTES + length;
    }
    if (at != content.length) {
      throw file.corrupt(frame.offset(), frame.count() + " messages", "more octets");
    }
    return records;
  }

  /// The ids of the messages in the content of a messages frame, in order.
  ///
  /// @throws CorruptArchiveException when there are not so many as the frame says
  public static List<ContentId> ids(byte[] content, Frame frame, FrameFile file)
      throws ArchiveException {
    List<ContentId> ids = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < frame.count(); i++) {
      int length = recordLength(content, at, file, frame.offset());
      if (length < ContentId.LENGTH) {
        throw file.corrupt(frame.offset(), "a message record", length + " octets");
      }
      ids.add(new FieldReader(content, at + Integer.BYTES, length).id());
      at += Integer.BYTES + length;
    }
    return ids;
  }

  /// Reads one message of the content of a messages frame.
  ///
  /// @param index from 0
  /// @throws CorruptArchiveException when the frame does not say that it has so many, or holds
  ///   anything else
  public static MessageRecord read(byte[] content, Frame frame, int index, FrameFile file)
      throws CorruptArchiveException {
    if (index < 0 || index >= frame.count()) {
      throw file.corrupt(frame.offset(), "message " + index, frame.count() + " messages");
    }
    int at = 0;
    for (int i = 0; i < index; i++) {
      at += Integer.BYTES + recordLength(content, at, file, frame.offset());
    }
    int length = recordLength(content, at, file, frame.offset());
    return read(content, at + Integer.BYTES, length, file, frame.offset());
  }

  private static int recordLength(byte[] content, int at, FrameFile file, long offset)
      throws CorruptArchiveException {
    int room = content.length - at - Integer.BYTES;
    int length = room < 0 ? -1 : new FieldReader(content, at, Integer.BYTES).int32();
    if (length < 0 || length > room) {
      throw file.corrupt(offset, "a message record", "the end of the frame");
    }
    return length;
  }

  private static MessageRecord read(byte[] content, int at, int length, FrameFile file, long offset)
      throws CorruptArchiveException {
    try {
      return read(new FieldReader(content, at, length), file.id());
    } catch (BufferUnderflowException | ArithmeticException | IllegalArgumentException e) {
      throw file.corrupt(offset, "a message record", String.valueOf(e.getMessage()));
    }
  }

  private static MessageRecord read(FieldReader fields, FileId holder) {
    ContentId id = fields.id();
    long length = fields.varint();
    int count = fields.length();
    List<Object> heads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      heads.add(
          switch (fields.octet()) {
            case INLINE -> fields.length();
            case VERBATIM -> new Verbatim(part(fields, holder));
            case ENCODED -> encoded(fields, holder);
            default -> throw new IllegalArgumentException("an unknown kind of piece");
          });
    }
    List<Piece> pieces = new ArrayList<>();
    for (Object head : heads) {
      pieces.add(head instanceof Piece piece ? piece : new Inline(fields.octets((Integer) head)));
    }
    if (!fields.atEnd()) {
      throw new IllegalArgumentException("more octets");
    }
    return new MessageRecord(id, length, pieces);
  }

  private static PartRef part(FieldReader fields, FileId holder) {
    ContentId id = fields.id();
    long length = fields.varint();
    FileId file =
        switch (fields.octet()) {
          case 0 -> holder;
          case 1 -> FileId.segment(fields.varint());
          default -> throw new IllegalArgumentException("an unknown kind of file");
        };
    return new PartRef(id, length, file, fields.varint());
  }

  private static Encoded encoded(FieldReader fields, FileId holder) {
    PartRef part = part(fields, holder);
    int width = fields.length();
    int flags = fields.octet();
    if (width == 0
        || width % 4 != 0
        || width > MOST_WIDTH
        || flags > (CRLF | ENDED)
        || part.length() == 0) {
      throw new IllegalArgumentException("base64 of width " + width + " and flags " + flags);
    }
    LineEnd lineEnd = (flags & CRLF) != 0 ? LineEnd.CRLF : LineEnd.LF;
    return new Encoded(part, width, lineEnd, (flags & ENDED) != 0);
  }
}
