package org.muniment.archive.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// A segment: what was sealed. Immutable and read-only once it has its name.
///
/// ```
/// segment = magic(8) archive-id(16) number(8) first-leaf(8) end-leaf(8) sealed(8) expires(4)
///           retention(32, filled with zeros) header-crc(4)
///           *( part-frame *piece-frame / messages-frame / events-frame )
///           *table-frame footer-frame footer-offset(8) magic(8)
/// ```
///
/// Order is as in a journal, and the frames are full. Parts lie in this segment or in an earlier
/// one of the same group.
///
/// @param number of the segment
/// @param firstLeaf first leaf of the journals it was made of
/// @param endLeaf first leaf after them
/// @param sealed when it was made, milliseconds
/// @param group of its messages
public record SegmentFile(long number, long firstLeaf, long endLeaf, Instant sealed, Group group) {

  /// Octets before the first frame.
  public static final int HEADER = 96;

  /// Octets after the last.
  public static final int TRAILER = 16;

  private static final byte[] MAGIC = "MUNISEG1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "MUNIEND1".getBytes(StandardCharsets.US_ASCII);
  private static final int ID = 16;
  private static final int CHECKED = HEADER - Integer.BYTES;

  /// Which file it is.
  public FileId id() {
    return FileId.segment(number);
  }

  /// Begins a segment under the name of an unfinished file.
  public FrameWriter create(Disk disk, FileKeys keys, String archiveId) throws ArchiveException {
    FrameWriter writer =
        new FrameWriter(disk.create(unfinishedName()), keys.create(id().name()), TreeHash.sha256());
    writer.write(header(archiveId));
    return writer;
  }

  /// Writes the end of a segment and makes it durable, under the name of an unfinished file.
  ///
  /// @return SHA-256 of the whole file
  public byte[] end(FrameWriter writer, Footer footer) throws ArchiveException {
    byte[] json = footer.write();
    long offset =
        writer.write(
            Content.of(Frame.Kind.FOOTER, 0, 0, json, json.length, Content.Effort.THOROUGH));
    writer.write(ByteBuffer.allocate(TRAILER).putLong(offset).put(END).array());
    writer.flush();
    writer.sync();
    return writer.sha256();
  }

  /// Opens a segment that has not got its name.
  public FrameFile openUnfinished(Disk disk, FileKeys keys) throws ArchiveException {
    return FrameFile.open(disk, keys, id(), unfinishedName());
  }

  /// Gives a segment its name, durably.
  public void finish(Disk disk) throws ArchiveException {
    disk.finish(unfinishedName(), id().name());
  }

  /// Its name until it is whole.
  public String unfinishedName() {
    return id().name() + Disk.UNFINISHED;
  }

  /// Reads the header of a segment.
  ///
  /// @throws CorruptArchiveException when it is no segment of this archive and number
  public static SegmentFile read(FrameFile file, String archiveId) throws ArchiveException {
    byte[] octets = file.octets(0, HEADER);
    ByteBuffer header = ByteBuffer.wrap(octets);
    byte[] magic = new byte[MAGIC.length];
    byte[] id = new byte[ID];
    byte[] retention = new byte[Group.LENGTH];
    header.get(magic).get(id);
    if (!Arrays.equals(magic, MAGIC) || header.getInt(CHECKED) != Frame.crc(octets, 0, CHECKED)) {
      throw file.corrupt(0, "a segment header", "other octets");
    }
    if (!HexFormat.of().formatHex(id).equals(archiveId)) {
      throw file.corrupt(8, "archive " + archiveId, HexFormat.of().formatHex(id));
    }
    long number = header.getLong();
    if (number != file.id().number()) {
      throw file.corrupt(24, "segment " + file.id().number(), "segment " + number);
    }
    long firstLeaf = header.getLong();
    long endLeaf = header.getLong();
    Instant sealed = Instant.ofEpochMilli(header.getLong());
    int expires = header.getInt();
    header.get(retention);
    try {
      return new SegmentFile(number, firstLeaf, endLeaf, sealed, Group.of(retention, expires));
    } catch (IllegalArgumentException e) {
      throw file.corrupt(56, "a group", String.valueOf(e.getMessage()));
    }
  }

  /// Where the footer of a segment begins, as its last octets say.
  ///
  /// @throws CorruptArchiveException when the file does not end as a segment does
  public static long footerOffset(FrameFile file) throws ArchiveException {
    long at = file.size() - TRAILER;
    if (at < HEADER) {
      throw file.corrupt(file.size(), "a segment with its end", "the end of the file");
    }
    ByteBuffer trailer = ByteBuffer.wrap(file.octets(at, TRAILER));
    long offset = trailer.getLong();
    byte[] end = new byte[END.length];
    trailer.get(end);
    if (!Arrays.equals(end, END) || offset < HEADER || offset > at - Frame.HEADER) {
      throw file.corrupt(at, "the end of a segment", "other octets");
    }
    return offset;
  }

  /// The footer of a segment.
  ///
  /// @throws CorruptArchiveException when there is none where the end of the file says
  public static Footer footer(FrameFile file) throws ArchiveException {
    Frame frame = file.frame(footerOffset(file), Frame.Kind.FOOTER);
    if (frame.end() != file.size() - TRAILER) {
      throw file.corrupt(frame.offset(), "a footer at the end of the segment", "one before");
    }
    try {
      return Footer.read(file.content(frame));
    } catch (IllegalArgumentException e) {
      throw file.corrupt(frame.offset(), "a footer", String.valueOf(e.getMessage()));
    }
  }

  private byte[] header(String archiveId) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.put(MAGIC).put(HexFormat.of().parseHex(archiveId)).putLong(number);
    header.putLong(firstLeaf).putLong(endLeaf).putLong(sealed.toEpochMilli());
    header.putInt(group.expires()).put(group.retentionOctets());
    header.putInt(Frame.crc(header.array(), 0, CHECKED));
    return header.array();
  }
}
