package org.muniment.archive.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;

/// Appends frames to a new journal. Small writes are gathered; [#flush] hands them to the disk and
/// [#sync] makes them durable. Not safe for use by many threads, but [#sync] may run while another
/// thread writes.
public final class JournalWriter implements Closeable {

  /// The most octets of a message in one piece.
  public static final int PIECE = 1 << 20;

  private static final int BUFFER = 1 << 20;

  private final Disk.Appender file;
  private final byte[] buffer = new byte[BUFFER];
  private int buffered;
  private long position;

  private JournalWriter(Disk.Appender file) {
    this.file = file;
  }

  /// Begins a journal; its name, header and state are durable when this returns.
  ///
  /// @param state canonical JSON for the state frame
  public static JournalWriter create(Disk disk, String archiveId, JournalFile journal, byte[] state)
      throws ArchiveException {
    JournalWriter writer = new JournalWriter(disk.create(journal.name()));
    writer.write(journal.header(archiveId));
    writer.write(frame(Frame.Kind.STATE, state, state.length, 0, 0));
    writer.flush();
    writer.sync();
    return writer;
  }

  /// Octets in the journal, with those not yet handed to the disk.
  public long position() {
    return position;
  }

  /// The frames of a message that has at most [#PIECE] octets, to be handed to
  /// [#writeMessage(byte\[\])].
  public static byte[] smallMessage(ContentId id, byte[] octets) {
    byte[] head = messageFrame(id, octets.length);
    if (octets.length == 0) {
      return head;
    }
    byte[] piece = pieceFrame(octets, 0);
    byte[] frames = Arrays.copyOf(head, head.length + piece.length);
    System.arraycopy(piece, 0, frames, head.length, piece.length);
    return frames;
  }

  /// Appends the frames of a small message.
  ///
  /// @return where they begin
  public long writeMessage(byte[] frames) throws ArchiveException {
    long at = position;
    write(frames);
    return at;
  }

  /// Appends a message of any length.
  ///
  /// @param length octets that `octets` must give, no more and no fewer
  /// @return where it begins
  /// @throws IOException also when the octets cannot be read or are not that many; the journal is
  ///   then of no further use
  public long writeMessage(ContentId id, long length, InputStream octets) throws IOException {
    long at = position;
    write(messageFrame(id, length));
    for (long offset = 0; offset < length; offset += PIECE) {
      int piece = (int) Math.min(PIECE, length - offset);
      byte[] raw = octets.readNBytes(piece);
      if (raw.length < piece) {
        throw new IOException("the octets end before their length of " + length);
      }
      write(pieceFrame(raw, offset));
    }
    return at;
  }

  /// Appends events.
  ///
  /// @param first index of the leaf of the first
  public void writeEvents(long first, List<LoggedEvent> events) throws ArchiveException {
    byte[] raw = LoggedEvent.write(events);
    write(frame(Frame.Kind.EVENTS, Zstd.compress(raw), raw.length, first, events.size()));
  }

  private static byte[] messageFrame(ContentId id, long length) {
    byte[] payload =
        ByteBuffer.allocate(ContentId.LENGTH + Long.BYTES).put(id.bytes()).putLong(length).array();
    int pieces = Math.toIntExact((length + PIECE - 1) / PIECE);
    return frame(Frame.Kind.MESSAGE, payload, payload.length, 0, pieces);
  }

  private static byte[] pieceFrame(byte[] raw, long offset) {
    return frame(Frame.Kind.PIECE, Zstd.compress(raw), raw.length, offset, 0);
  }

  private static byte[] frame(Frame.Kind kind, byte[] payload, int raw, long first, int count) {
    int crc = Frame.crc(payload, 0, payload.length);
    Frame frame = new Frame(kind, payload.length, raw, first, count, crc);
    return ByteBuffer.allocate(Frame.HEADER + payload.length)
        .put(frame.header())
        .put(payload)
        .array();
  }

  private void write(byte[] octets) throws ArchiveException {
    if (octets.length > BUFFER - buffered) {
      flush();
    }
    if (octets.length > BUFFER) {
      file.write(octets, 0, octets.length);
    } else {
      System.arraycopy(octets, 0, buffer, buffered, octets.length);
      buffered += octets.length;
    }
    position += octets.length;
  }

  /// Hands everything to the disk.
  public void flush() throws ArchiveException {
    file.write(buffer, 0, buffered);
    buffered = 0;
  }

  /// Makes durable what was handed to the disk.
  public void sync() throws ArchiveException {
    file.sync();
  }

  @Override
  public void close() throws ArchiveException {
    file.close();
  }
}
