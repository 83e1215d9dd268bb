package org.muniment.archive.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// A journal: what was appended, in order of arrival. Journals are numbered from 1; only the last
/// one grows.
///
/// ```
/// journal = magic(8) archive-id(16) number(8) first-leaf(8) header-crc(4)
///           state-frame *( message-frame 1*piece-frame / events-frame )
/// ```
///
/// The octets of a placement stand before the events frame that holds it, or in an earlier place
/// when the archive had them. A message of 0 octets has no piece. A journal ends where the events
/// of the next one begin: `first-leaf` of the next.
///
/// @param number of the journal
/// @param firstLeaf index of its first leaf
public record JournalFile(long number, long firstLeaf) {

  /// Folder of the journals.
  public static final String FOLDER = "journal";

  /// Octets before the first frame.
  public static final int HEADER = 44;

  private static final byte[] MAGIC = "MUNIJRN0".getBytes(StandardCharsets.US_ASCII);
  private static final int ID = 16;
  private static final int CHECKED = HEADER - Integer.BYTES;

  /// The file of a journal, relative to the archive.
  public static String name(long number) {
    return FOLDER + "/" + String.format(Locale.ROOT, "%010d", number);
  }

  /// The number in a file name of the folder.
  ///
  /// @throws CorruptArchiveException when it is no journal's name
  public static long number(String fileName) throws CorruptArchiveException {
    if (fileName.length() != 10 || !fileName.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new CorruptArchiveException(FOLDER + "/" + fileName, -1, "ten digits", "that name");
    }
    return Long.parseLong(fileName);
  }

  /// The file of this journal, relative to the archive.
  public String name() {
    return name(number);
  }

  /// The octets of the header.
  byte[] header(String archiveId) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.put(MAGIC).put(HexFormat.of().parseHex(archiveId)).putLong(number).putLong(firstLeaf);
    header.putInt(Frame.crc(header.array(), 0, CHECKED));
    return header.array();
  }

  /// Reads the header of a journal.
  ///
  /// @throws CorruptArchiveException when it is no journal of this archive and number
  static JournalFile read(Disk.Reader file, String archiveId, long number) throws ArchiveException {
    String name = name(number);
    byte[] octets = new byte[HEADER];
    if (file.read(octets, 0, HEADER, 0) < HEADER) {
      throw new CorruptArchiveException(name, 0, "a journal header", "the end of the file");
    }
    ByteBuffer header = ByteBuffer.wrap(octets);
    byte[] magic = new byte[MAGIC.length];
    byte[] id = new byte[ID];
    header.get(magic).get(id);
    if (!Arrays.equals(magic, MAGIC) || header.getInt(CHECKED) != Frame.crc(octets, 0, CHECKED)) {
      throw new CorruptArchiveException(name, 0, "a journal header", "other octets");
    }
    if (!HexFormat.of().formatHex(id).equals(archiveId)) {
      throw new CorruptArchiveException(
          name, 8, "archive " + archiveId, HexFormat.of().formatHex(id));
    }
    long found = header.getLong();
    if (found != number) {
      throw new CorruptArchiveException(name, 24, "journal " + number, "journal " + found);
    }
    return new JournalFile(number, header.getLong());
  }
}
