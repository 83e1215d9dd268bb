package org.muniment.archive.format;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// Reads the frames of a journal in order, passing over the payloads that nobody asks for. Not safe
/// for use by many threads.
public final class JournalReader implements Closeable {

  private static final int BUFFER = 1 << 16;

  private final JournalFile journal;
  private final Disk.Reader file;
  private long offset;
  private long next = JournalFile.HEADER;
  private @Nullable Frame frame;

  private JournalReader(JournalFile journal, Disk.Reader file) {
    this.journal = journal;
    this.file = file;
  }

  /// Opens a journal and checks its header.
  public static JournalReader open(Disk disk, String archiveId, long number)
      throws ArchiveException {
    Disk.Reader file = disk.open(JournalFile.name(number));
    if (file == null) {
      throw new CorruptArchiveException(JournalFile.name(number), -1, "a journal", "no file");
    }
    try {
      return new JournalReader(JournalFile.read(file, archiveId, number), file);
    } catch (ArchiveException e) {
      file.close();
      throw e;
    }
  }

  /// What the header says.
  public JournalFile journal() {
    return journal;
  }

  /// Makes [#next()] read the frame at `at`.
  public void seek(long at) {
    next = at;
  }

  /// The next frame, or null at the end of the file.
  ///
  /// @throws CorruptArchiveException when what stands there is no whole frame; [#offset()] tells
  ///   where
  public @Nullable Frame next() throws ArchiveException {
    offset = next;
    long size = file.size();
    if (offset == size) {
      frame = null;
      return null;
    }
    byte[] header = new byte[Frame.HEADER];
    if (offset > size || file.read(header, 0, header.length, offset) < header.length) {
      throw new CorruptArchiveException(journal.name(), offset, "a frame", "the end of the file");
    }
    frame = Frame.parse(header, journal.name(), offset);
    next = offset + Frame.HEADER + frame.stored();
    if (next > size) {
      throw new CorruptArchiveException(
          journal.name(), offset, "a frame of " + frame.stored(), "the end of the file");
    }
    return frame;
  }

  /// Where the frame begins that [#next()] gave.
  public long offset() {
    return offset;
  }

  /// Where the frame after it begins.
  public long end() {
    return next;
  }

  /// Octets in the file.
  public long size() throws ArchiveException {
    return file.size();
  }

  /// Gives `to` the octets of the file from `from` to its end, a buffer at a time.
  public void copy(long from, Sink to) throws ArchiveException {
    byte[] buffer = new byte[BUFFER];
    int read = file.read(buffer, 0, BUFFER, from);
    for (long at = from + read; read > 0; at += read) {
      to.take(buffer, 0, read);
      read = file.read(buffer, 0, BUFFER, at);
    }
  }

  /// The payload of the frame as stored, after a check of its checksum.
  public byte[] payload() throws ArchiveException {
    Frame current = current();
    byte[] stored = new byte[current.stored()];
    int read = file.read(stored, 0, stored.length, offset + Frame.HEADER);
    if (read < stored.length || Frame.crc(stored, 0, stored.length) != current.payloadCrc()) {
      throw new CorruptArchiveException(
          journal.name(), offset, "the payload of its checksum", "other octets");
    }
    return stored;
  }

  /// The state that the journal begins with. Leaves the reader before the frame after it.
  public State state() throws ArchiveException {
    seek(JournalFile.HEADER);
    Frame first = next();
    if (first == null || first.kind() != Frame.Kind.STATE) {
      throw new CorruptArchiveException(journal.name(), offset, "a state frame", "none");
    }
    try {
      return State.read(payload());
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          journal.name(), offset, "a state", String.valueOf(e.getMessage()));
    }
  }

  /// The octets of the piece that the frame holds.
  public byte[] piece() throws ArchiveException {
    return decompressed();
  }

  /// The events that the frame holds.
  public List<LoggedEvent> events() throws ArchiveException {
    return LoggedEvent.read(decompressed(), current().count(), journal.name(), offset);
  }

  /// The message that the frame begins.
  public Message message() throws ArchiveException {
    byte[] payload = payload();
    if (payload.length != ContentId.LENGTH + Long.BYTES) {
      throw new CorruptArchiveException(journal.name(), offset, "a message frame", "another size");
    }
    byte[] id = new byte[ContentId.LENGTH];
    ByteBuffer octets = ByteBuffer.wrap(payload).get(id);
    return new Message(ContentId.of(id), octets.getLong());
  }

  private byte[] decompressed() throws ArchiveException {
    return Zstd.decompress(payload(), current().raw(), journal.name(), offset);
  }

  private Frame current() {
    if (frame == null) {
      throw new IllegalStateException("no frame was read");
    }
    return frame;
  }

  @Override
  public void close() throws ArchiveException {
    file.close();
  }

  /// Takes octets, and is done with the array when it returns.
  public interface Sink {
    void take(byte[] octets, int offset, int length) throws ArchiveException;
  }

  /// What a message frame says.
  ///
  /// @param length octets of the message
  public record Message(ContentId id, long length) {}
}
