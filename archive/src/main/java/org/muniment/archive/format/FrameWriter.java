package org.muniment.archive.format;

import java.io.Closeable;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.crypto.FrameCipher;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.StoreRefusedException;

/// Appends frames to a new file. Small writes are gathered; [#flush] hands them to the disk and
/// [#sync] makes them durable. Not safe for use by many threads, but [#sync] may run while another
/// thread writes.
public final class FrameWriter implements Closeable {

  private static final int BUFFER = 1 << 20;

  private final Disk.Appender file;
  private final FrameCipher cipher;
  private final @Nullable MessageDigest digest;
  private final byte[] buffer = new byte[BUFFER];
  private int buffered;
  private long position;
  private int frames;

  /// @param file new and empty
  /// @param cipher with a key of this file alone, because the number of a frame is its nonce
  /// @param digest takes everything written, null when nobody asks for it
  FrameWriter(Disk.Appender file, FrameCipher cipher, @Nullable MessageDigest digest) {
    this.file = file;
    this.cipher = cipher;
    this.digest = digest;
  }

  /// Octets in the file, with those not yet handed to the disk.
  public long position() {
    return position;
  }

  /// Number of frames written.
  public int frames() {
    return frames;
  }

  /// SHA-256 of everything written so far.
  public byte[] sha256() {
    try {
      return ((MessageDigest) Objects.requireNonNull(digest).clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of the platform can be cloned", e);
    }
  }

  /// Appends a frame.
  ///
  /// @return where it begins
  public long write(Content content) throws ArchiveException {
    int stored = content.compressed().length + cipher.overhead();
    if (stored > Frame.MAX_PAYLOAD || content.raw() > Frame.MAX_PAYLOAD) {
      throw new StoreRefusedException(
          "a frame of %d octets: %d is the most".formatted(content.raw(), Frame.MAX_PAYLOAD));
    }
    Frame unsealed =
        new Frame(
            content.kind(),
            frames,
            stored,
            content.raw(),
            content.first(),
            content.count(),
            0,
            position);
    byte[] payload =
        cipher.seal(
            frames, unsealed.associated(), content.compressed(), 0, content.compressed().length);
    Frame frame =
        new Frame(
            content.kind(),
            frames,
            stored,
            content.raw(),
            content.first(),
            content.count(),
            Frame.crc(payload, 0, stored),
            position);
    write(frame.header());
    write(payload);
    frames++;
    return frame.offset();
  }

  /// Appends octets that are no frame: the header of the file, or its trailer.
  void write(byte[] octets) throws ArchiveException {
    if (digest != null) {
      digest.update(octets);
    }
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
