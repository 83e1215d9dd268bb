package org.muniment.archive.format;

import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.store.ArchiveException;

/// An entry of the tables at the end of a segment, which tell where each message and part lies.
///
/// ```
/// entry = id(32) type(1) offset(8) index(4) length(8)
/// ```
///
/// The entries of all table frames of a segment are in order of id, then type.
///
/// @param offset of the frame
/// @param index of a message in its frame, 0 for a part
/// @param length octets of the message or part
public record TableEntry(ContentId id, Type type, long offset, int index, long length)
    implements Comparable<TableEntry> {

  /// The most entries in a frame.
  public static final int MOST = 4096;

  /// Octets of an entry.
  public static final int LENGTH = ContentId.LENGTH + 1 + Long.BYTES + Integer.BYTES + Long.BYTES;

  private static final Comparator<TableEntry> ORDER =
      Comparator.comparing(TableEntry::id).thenComparing(TableEntry::type);

  /// What is found.
  public enum Type {
    MESSAGE(1),
    PART(2);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    static Type of(int code) {
      return switch (code) {
        case 1 -> MESSAGE;
        case 2 -> PART;
        default -> throw new IllegalArgumentException("an unknown type " + code);
      };
    }
  }

  @Override
  public int compareTo(TableEntry other) {
    return ORDER.compare(this, other);
  }

  /// The content of a table frame.
  ///
  /// @param entries sorted, 1 to [#MOST]
  public static Content content(List<TableEntry> entries) {
    FieldWriter fields = new FieldWriter();
    entries.forEach(entry -> entry.write(fields));
    byte[] content = fields.toByteArray();
    return Content.of(
        Frame.Kind.TABLE, 0, entries.size(), content, content.length, Content.Effort.THOROUGH);
  }

  /// The octets of this entry; their order, unsigned, is that of entries.
  public byte[] octets() {
    FieldWriter fields = new FieldWriter();
    write(fields);
    return fields.toByteArray();
  }

  private void write(FieldWriter to) {
    to.id(id).octet(type.code).int64(offset).int32(index).int64(length);
  }

  /// The entry whose octets these are.
  ///
  /// @throws IllegalArgumentException when they are of none
  public static TableEntry of(byte[] octets) {
    return read(new FieldReader(octets, 0, octets.length));
  }

  private static TableEntry read(FieldReader fields) {
    return new TableEntry(
        fields.id(), Type.of(fields.octet()), fields.int64(), fields.int32(), fields.int64());
  }

  /// Reads a table frame.
  ///
  /// @throws org.muniment.archive.store.CorruptArchiveException when its content is anything else
  public static List<TableEntry> read(FrameFile file, Frame frame) throws ArchiveException {
    byte[] content = file.content(frame);
    FieldReader fields = new FieldReader(content, 0, content.length);
    List<TableEntry> entries = new ArrayList<>();
    try {
      for (int i = 0; i < frame.count(); i++) {
        entries.add(read(fields));
      }
      if (!fields.atEnd()) {
        throw new IllegalArgumentException("more octets");
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw file.corrupt(frame.offset(), frame.count() + " entries", String.valueOf(e));
    }
    return entries;
  }

  /// Finds an id in a segment; null when it does not have it.
  ///
  /// @throws org.muniment.archive.store.CorruptArchiveException when the table that has to name it
  ///   is damaged
  public static @Nullable TableEntry find(FrameFile file, Footer footer, ContentId id, Type type)
      throws ArchiveException {
    Footer.Table table = footer.tableOf(id);
    if (table == null) {
      return null;
    }
    for (TableEntry entry : read(file, file.frame(table.offset(), Frame.Kind.TABLE))) {
      if (entry.id.equals(id) && entry.type == type) {
        return entry;
      }
    }
    return null;
  }
}
