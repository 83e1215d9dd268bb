package org.muniment.archive.format;

import java.io.Closeable;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.FrameCipher;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// A file of frames open for reading, at any place. Safe for use by many threads.
public final class FrameFile implements Closeable {

  private final FileId id;
  private final String name;
  private final Disk.Reader file;
  private final FrameCipher cipher;
  private final @Nullable Remembered remembered;

  private FrameFile(
      FileId id,
      String name,
      Disk.Reader file,
      FrameCipher cipher,
      @Nullable Remembered remembered) {
    this.id = id;
    this.name = name;
    this.file = file;
    this.cipher = cipher;
    this.remembered = remembered;
  }

  /// Opens a file with its key.
  ///
  /// @throws CorruptArchiveException when there is no such file
  public static FrameFile open(Disk disk, FileKeys keys, FileId id) throws ArchiveException {
    return open(disk, keys, id, id.name());
  }

  /// A file that is open already.
  ///
  /// @param file closed with this
  public static FrameFile of(FileId id, Disk.Reader file, FrameCipher cipher) {
    return new FrameFile(id, id.name(), file, cipher, null);
  }

  /// This file, for one thread that reads contents again soon after: the last ones of parts are
  /// remembered. Not to be closed.
  ///
  /// @param octets of contents remembered, at most
  public FrameFile remembering(int octets) {
    return new FrameFile(id, name, file, cipher, new Remembered(octets));
  }

  /// Opens a file that stands under another name than its own.
  static FrameFile open(Disk disk, FileKeys keys, FileId id, String name) throws ArchiveException {
    Disk.Reader file = disk.open(name);
    if (file == null) {
      throw new CorruptArchiveException(name, -1, "a file of the archive", "no file");
    }
    try {
      return new FrameFile(id, name, file, keys.open(id.name()), null);
    } catch (ArchiveException e) {
      file.close();
      throw e;
    }
  }

  /// Which file it is.
  public FileId id() {
    return id;
  }

  /// Its name, relative to the archive.
  public String name() {
    return name;
  }

  /// Octets in the file now.
  public long size() throws ArchiveException {
    return file.size();
  }

  /// The frame that begins at `offset`, or null when the file ends there.
  ///
  /// @throws CorruptArchiveException when what stands there is no whole frame
  public @Nullable Frame frame(long offset) throws ArchiveException {
    long size = file.size();
    if (offset == size) {
      return null;
    }
    if (offset < 0 || offset > size - Frame.HEADER) {
      throw corrupt(offset, "a frame", "the end of the file");
    }
    Frame frame = Frame.parse(octets(offset, Frame.HEADER), name, offset);
    if (frame.end() > size) {
      throw corrupt(offset, "a frame of " + frame.stored(), "the end of the file");
    }
    return frame;
  }

  /// The frame that begins at `offset`, which must be of a kind.
  ///
  /// @throws CorruptArchiveException when it is not
  public Frame frame(long offset, Frame.Kind kind) throws ArchiveException {
    Frame frame = frame(offset);
    if (frame == null || frame.kind() != kind) {
      throw corrupt(
          offset, "a frame of kind " + kind, frame == null ? "the end" : "" + frame.kind());
    }
    return frame;
  }

  /// The content of a frame, still compressed; its checksum and its seal were checked.
  ///
  /// @throws CorruptArchiveException when one of them is wrong
  public Content compressed(Frame frame) throws ArchiveException {
    byte[] stored = octets(frame.offset() + Frame.HEADER, frame.stored());
    if (Frame.crc(stored, 0, stored.length) != frame.payloadCrc()) {
      throw corrupt(frame.offset(), "a payload of its checksum", "other octets");
    }
    try {
      byte[] opened = cipher.open(frame.number(), frame.associated(), stored);
      return new Content(frame.kind(), frame.first(), frame.count(), frame.raw(), opened);
    } catch (GeneralSecurityException e) {
      throw corrupt(frame.offset(), "a payload sealed at this place with this key", "another");
    }
  }

  /// The content of a frame.
  ///
  /// @throws CorruptArchiveException when checksum or seal are wrong, or the content is no zstd
  ///   frame of as many octets as the header says
  public byte[] content(Frame frame) throws ArchiveException {
    byte[] known = remembered == null ? null : remembered.contents.get(frame.offset());
    if (known != null) {
      return known;
    }
    byte[] content =
        Zstd.decompress(compressed(frame).compressed(), frame.raw(), name, frame.offset());
    if (remembered != null
        && (frame.kind() == Frame.Kind.PART || frame.kind() == Frame.Kind.PIECE)) {
      remembered.put(frame.offset(), content);
    }
    return content;
  }

  /// Where the next frame begins whose header is whole, for one who met damage. What cannot be read
  /// is passed over.
  ///
  /// @param from first offset to look at
  /// @return the size of the file when there is none
  public long search(long from) throws ArchiveException {
    long size = file.size();
    byte[] window = new byte[1 << 16];
    for (long at = from; at < size; at += window.length - Frame.HEADER + 1) {
      int read = readable(window, at);
      for (int i = 0; i + Frame.HEADER <= read; i++) {
        if (Frame.begins(window, i) && isFrame(at + i)) {
          return at + i;
        }
      }
    }
    return size;
  }

  private int readable(byte[] window, long offset) throws ArchiveException {
    try {
      return file.read(window, 0, window.length, offset);
    } catch (CorruptArchiveException e) {
      return 0;
    }
  }

  private boolean isFrame(long offset) throws ArchiveException {
    try {
      return frame(offset) != null;
    } catch (CorruptArchiveException e) {
      return false;
    }
  }

  /// Octets of the file, as they stand.
  ///
  /// @throws CorruptArchiveException when the file ends before
  byte[] octets(long offset, int length) throws ArchiveException {
    byte[] octets = new byte[length];
    if (file.read(octets, 0, length, offset) < length) {
      throw corrupt(offset, length + " octets", "the end of the file");
    }
    return octets;
  }

  /// Gives `to` the octets of the file from `from` to its end, a buffer at a time.
  public void copy(long from, Sink to) throws ArchiveException {
    byte[] buffer = new byte[1 << 16];
    int read = file.read(buffer, 0, buffer.length, from);
    for (long at = from + read; read > 0; at += read) {
      to.take(buffer, 0, read);
      read = file.read(buffer, 0, buffer.length, at);
    }
  }

  /// Says what is wrong at a place of this file.
  public CorruptArchiveException corrupt(long offset, String expected, String found) {
    return new CorruptArchiveException(name, offset, expected, found);
  }

  @Override
  public void close() throws ArchiveException {
    file.close();
  }

  /// Contents last read, by the offsets of their frames.
  private static final class Remembered {
    private final LinkedHashMap<Long, byte[]> contents = new LinkedHashMap<>();
    private final int most;
    private long octets;

    Remembered(int most) {
      this.most = most;
    }

    void put(long offset, byte[] content) {
      contents.put(offset, content);
      octets += content.length;
      while (octets > most) {
        octets -= contents.pollFirstEntry().getValue().length;
      }
    }
  }

  /// Takes octets, and is done with the array when it returns.
  public interface Sink {
    void take(byte[] octets, int offset, int length) throws ArchiveException;
  }
}
