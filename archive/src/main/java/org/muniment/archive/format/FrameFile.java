package org.muniment.archive.format;

import java.io.Closeable;
import java.security.GeneralSecurityException;
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

  private FrameFile(FileId id, String name, Disk.Reader file, FrameCipher cipher) {
    this.id = id;
    this.name = name;
    this.file = file;
    this.cipher = cipher;
  }

  /// Opens a file with its key.
  ///
  /// @throws CorruptArchiveException when there is no such file
  public static FrameFile open(Disk disk, FileKeys keys, FileId id) throws ArchiveException {
    return open(disk, keys, id, id.name());
  }

  /// Opens a file that stands under another name than its own.
  static FrameFile open(Disk disk, FileKeys keys, FileId id, String name) throws ArchiveException {
    Disk.Reader file = disk.open(name);
    if (file == null) {
      throw new CorruptArchiveException(name, -1, "a file of the archive", "no file");
    }
    try {
      return new FrameFile(id, name, file, keys.open(id.name()));
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
  public byte[] content(Frame frame) throws ArchiveException {
    return Zstd.decompress(compressed(frame).compressed(), frame.raw(), name, frame.offset());
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

  /// Takes octets, and is done with the array when it returns.
  public interface Sink {
    void take(byte[] octets, int offset, int length) throws ArchiveException;
  }
}
