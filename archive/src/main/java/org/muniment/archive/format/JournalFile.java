package org.muniment.archive.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;

/// A journal: what was appended, in order of arrival. Only the last one grows, and only while the
/// writer that began it is open.
///
/// ```
/// journal = magic(8) archive-id(16) number(8) first-leaf(8) header-crc(4)
///           state-frame *( part-frame *piece-frame / messages-frame / events-frame )
/// ```
///
/// The parts of a message stand before it, in this journal or in a segment; a message stands before
/// the event that places it, after the events frame before that, or in an earlier file when the
/// archive had it. A journal ends where the events of the next one begin: `first-leaf` of the next.
///
/// @param number of the journal
/// @param firstLeaf index of its first leaf
public record JournalFile(long number, long firstLeaf) {

  /// Octets before the first frame.
  public static final int HEADER = 44;

  private static final byte[] MAGIC = "MUNIJRN1".getBytes(StandardCharsets.US_ASCII);
  private static final int ID = 16;
  private static final int CHECKED = HEADER - Integer.BYTES;

  /// Which file it is.
  public FileId id() {
    return FileId.journal(number);
  }

  /// Begins a journal; its name, key, header and state are durable when this returns.
  public FrameWriter create(Disk disk, FileKeys keys, String archiveId, State state)
      throws ArchiveException {
    FrameWriter writer = new FrameWriter(disk.create(id().name()), keys.create(id().name()), null);
    writer.write(header(archiveId));
    byte[] json = state.write();
    writer.write(Content.of(Frame.Kind.STATE, 0, 0, json, json.length, Content.Effort.FAST));
    writer.flush();
    writer.sync();
    return writer;
  }

  /// Reads the header of a journal.
  ///
  /// @throws org.muniment.archive.store.CorruptArchiveException when it is no journal of this
  ///   archive and number
  public static JournalFile read(FrameFile file, String archiveId) throws ArchiveException {
    byte[] octets = file.octets(0, HEADER);
    ByteBuffer header = ByteBuffer.wrap(octets);
    byte[] magic = new byte[MAGIC.length];
    byte[] id = new byte[ID];
    header.get(magic).get(id);
    if (!Arrays.equals(magic, MAGIC) || header.getInt(CHECKED) != Frame.crc(octets, 0, CHECKED)) {
      throw file.corrupt(0, "a journal header", "other octets");
    }
    if (!HexFormat.of().formatHex(id).equals(archiveId)) {
      throw file.corrupt(8, "archive " + archiveId, HexFormat.of().formatHex(id));
    }
    long found = header.getLong();
    if (found != file.id().number()) {
      throw file.corrupt(24, "journal " + file.id().number(), "journal " + found);
    }
    return new JournalFile(found, header.getLong());
  }

  /// The state that a journal begins with.
  ///
  /// @throws org.muniment.archive.store.CorruptArchiveException when its first frame is no whole
  ///   state
  public static State state(FrameFile file) throws ArchiveException {
    Frame frame = file.frame(HEADER, Frame.Kind.STATE);
    try {
      return State.read(file.content(frame));
    } catch (IllegalArgumentException e) {
      throw file.corrupt(HEADER, "a state", String.valueOf(e.getMessage()));
    }
  }

  private byte[] header(String archiveId) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.put(MAGIC).put(HexFormat.of().parseHex(archiveId)).putLong(number).putLong(firstLeaf);
    header.putInt(Frame.crc(header.array(), 0, CHECKED));
    return header.array();
  }
}
