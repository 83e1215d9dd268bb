package org.muniment.archive.verify;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.FileId;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.SortedRuns;

/// Joins what the archive holds with what its events place, in memory that does not grow.
///
/// ```
/// held   = id(32) length(8)
/// placed = id(32) length(8) leaf(8) 1(segment) / 0(journal) number(8) offset(8)
/// ```
final class Held implements AutoCloseable {

  private static final int HELD = ContentId.LENGTH + Long.BYTES;
  private static final int PLACED = HELD + Long.BYTES + 1 + 2 * Long.BYTES;

  private final SortedRuns held = new SortedRuns(HELD);
  private final SortedRuns placed = new SortedRuns(PLACED);

  /// The archive holds the octets of a message.
  void message(ContentId id, long length) throws ArchiveException {
    held.add(ByteBuffer.allocate(HELD).put(id.bytes()).putLong(length).array());
  }

  /// An event places a message.
  ///
  /// @param offset of the frame with the event
  void placement(ContentId id, long length, long leaf, FileId file, long offset)
      throws ArchiveException {
    placed.add(
        ByteBuffer.allocate(PLACED)
            .put(id.bytes())
            .putLong(length)
            .putLong(leaf)
            .put((byte) (file.kind() == FileId.Kind.SEGMENT ? 1 : 0))
            .putLong(file.number())
            .putLong(offset)
            .array());
  }

  /// Tells of each placement of octets that the archive does not hold.
  void missing(Missing to) throws ArchiveException {
    SortedRuns.Cursor holding = held.read();
    SortedRuns.Cursor placing = placed.read();
    byte[] octets = holding.next();
    for (byte[] place = placing.next(); place != null; place = placing.next()) {
      while (octets != null && compare(octets, place) < 0) {
        octets = holding.next();
      }
      if (octets == null || compare(octets, place) > 0) {
        tell(ByteBuffer.wrap(place), to);
      }
    }
  }

  private static int compare(byte[] octets, byte[] place) {
    return Arrays.compareUnsigned(octets, 0, HELD, place, 0, HELD);
  }

  private static void tell(ByteBuffer place, Missing to) throws ArchiveException {
    byte[] digest = new byte[ContentId.LENGTH];
    place.get(digest);
    long length = place.getLong();
    long leaf = place.getLong();
    FileId.Kind kind = place.get() == 1 ? FileId.Kind.SEGMENT : FileId.Kind.JOURNAL;
    FileId file = new FileId(kind, place.getLong());
    to.missing(ContentId.of(digest), length, leaf, file, place.getLong());
  }

  @Override
  public void close() throws ArchiveException {
    held.close();
    placed.close();
  }

  /// Hears of placements without octets.
  interface Missing {
    void missing(ContentId id, long length, long leaf, FileId file, long offset)
        throws ArchiveException;
  }
}
