package org.muniment.server.capture.files;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// Reads a zip archive (APPNOTE.TXT of PKWARE, 6.3) by its central directory, entry by entry:
/// memory does not grow with their number, and what is wrong with one of them is no matter of the
/// others.
final class ZipReader implements PackedFile.Reader {

  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int LOCATOR_64_LENGTH = 20;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_LENGTH = 56;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_LENGTH = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;

  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ENCRYPTED = 1;
  private static final long IN_64 = 0xFFFF_FFFFL;
  private static final int EXTRA_64 = 0x0001;
  private static final int EXTRA_TIME = 0x5455;

  private static final int BUFFER = 1 << 16;

  private final FileChannel file;

  /// The next entry of the directory; negative before the first.
  private long at = -1;

  private long left;

  /// What all offsets in the archive are less than those in the file.
  private long moved;

  ZipReader(FileChannel file) {
    this.file = file;
  }

  @Override
  public @Nullable PackedFile next() throws IOException {
    if (at < 0) {
      Directory directory = directory();
      at = directory.offset();
      left = directory.entries();
    }
    while (left > 0) {
      left--;
      Entry entry = entry();
      if (!entry.name.endsWith("/")) {
        return new PackedFile(
            entry.name, entry.modified, entry.isFile() ? () -> open(entry) : null);
      }
    }
    return null;
  }

  private Entry entry() throws IOException {
    ByteBuffer fixed = octets(at, ENTRY_LENGTH);
    if (fixed.getInt(0) != ENTRY) {
      throw new IOException("is damaged: there is no entry at octet " + at);
    }
    int name = Short.toUnsignedInt(fixed.getShort(28));
    int extra = Short.toUnsignedInt(fixed.getShort(30));
    int comment = Short.toUnsignedInt(fixed.getShort(32));
    ByteBuffer rest = octets(at + ENTRY_LENGTH, name + extra);
    at += ENTRY_LENGTH + name + extra + comment;
    return new Entry(fixed, rest, name);
  }

  private record Directory(long offset, long entries) {}

  private Directory directory() throws IOException {
    long size = file.size();
    int length = (int) Math.min(size, END_LENGTH + LONGEST_COMMENT);
    ByteBuffer tail = octets(size - length, length);
    for (int at = length - END_LENGTH; at >= 0; at--) {
      if (tail.getInt(at) == END
          && at + END_LENGTH + Short.toUnsignedInt(tail.getShort(at + 20)) <= length) {
        return directory(tail, at, size - length + at);
      }
    }
    throw new IOException("is no zip archive, or is cut off: it has no directory at its end");
  }

  private Directory directory(ByteBuffer tail, int at, long end) throws IOException {
    long entries = Short.toUnsignedLong(tail.getShort(at + 10));
    long octets = Integer.toUnsignedLong(tail.getInt(at + 12));
    long offset = Integer.toUnsignedLong(tail.getInt(at + 16));
    if (end >= LOCATOR_64_LENGTH) {
      ByteBuffer locator = octets(end - LOCATOR_64_LENGTH, LOCATOR_64_LENGTH);
      if (locator.getInt(0) == LOCATOR_64) {
        ByteBuffer end64 = octets(locator.getLong(8), END_64_LENGTH);
        if (end64.getInt(0) != END_64) {
          throw new IOException("is damaged: the end of its directory is not where it should be");
        }
        return new Directory(end64.getLong(48), end64.getLong(32));
      }
    }
    // What was put before the archive, to unpack it, moves everything in it.
    moved = end - octets - offset;
    if (moved < 0) {
      throw new IOException("is damaged: its directory is not before its end");
    }
    return new Directory(offset + moved, entries);
  }

  private ByteBuffer octets(long at, int length) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    if (at < 0 || at > file.size() - length) {
      throw new EOFException("is damaged: it points to octet " + at + ", which it does not have");
    }
    while (octets.hasRemaining()) {
      if (file.read(octets, at + octets.position()) < 0) {
        throw new EOFException("is cut off");
      }
    }
    return octets.flip();
  }

  private InputStream open(Entry entry) throws IOException {
    if ((entry.flags & ENCRYPTED) != 0) {
      throw new IOException("is encrypted");
    }
    ByteBuffer local = octets(moved + entry.offset, LOCAL_LENGTH);
    if (local.getInt(0) != LOCAL) {
      throw new IOException("is damaged: it is not where the directory says");
    }
    long begin =
        moved
            + entry.offset
            + LOCAL_LENGTH
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    InputStream packed = new BufferedInputStream(new Range(begin, entry.packed), BUFFER);
    return switch (entry.method) {
      case STORED -> new Checked(packed, entry, null);
      case DEFLATED -> {
        Inflater inflater = new Inflater(true);
        yield new Checked(new InflaterInputStream(packed, inflater, BUFFER), entry, inflater);
      }
      default -> throw new IOException("is packed by method " + entry.method + ", not by DEFLATE");
    };
  }

  /// An entry of the central directory.
  private static final class Entry {
    private final String name;
    private final Instant modified;
    private final int flags;
    private final int method;
    private final long crc;
    private final boolean unix;
    private final int mode;
    private long packed;
    private long size;
    private long offset;

    Entry(ByteBuffer fixed, ByteBuffer rest, int nameLength) {
      byte[] octets = new byte[nameLength];
      rest.get(octets);
      name = new String(octets, StandardCharsets.ISO_8859_1);
      unix = fixed.get(5) == 3;
      flags = Short.toUnsignedInt(fixed.getShort(8));
      method = Short.toUnsignedInt(fixed.getShort(10));
      crc = Integer.toUnsignedLong(fixed.getInt(16));
      packed = Integer.toUnsignedLong(fixed.getInt(20));
      size = Integer.toUnsignedLong(fixed.getInt(24));
      mode = fixed.getInt(38) >>> 16;
      offset = Integer.toUnsignedLong(fixed.getInt(42));
      modified = extras(rest, dosTime(fixed.getInt(12)));
    }

    /// A regular file; on Unix a link has another type of file in its mode.
    boolean isFile() {
      int type = mode & 0xF000;
      return !unix || type == 0 || type == 0x8000;
    }

    /// Local time of who knows where, taken as UTC.
    private static Instant dosTime(int time) {
      try {
        return LocalDateTime.of(
                1980 + (time >>> 25),
                time >>> 21 & 0xF,
                time >>> 16 & 0x1F,
                time >>> 11 & 0x1F,
                time >>> 5 & 0x3F,
                2 * (time & 0x1F) % 60)
            .toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        return Instant.EPOCH;
      }
    }

    /// Reads the extra fields: 64-bit sizes, and the time in UTC.
    private Instant extras(ByteBuffer extras, Instant otherwise) {
      Instant time = otherwise;
      while (extras.remaining() >= 4) {
        int id = Short.toUnsignedInt(extras.getShort());
        int length = Math.min(Short.toUnsignedInt(extras.getShort()), extras.remaining());
        ByteBuffer extra = extras.slice(extras.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        extras.position(extras.position() + length);
        if (id == EXTRA_64) {
          size = in64(size, extra);
          packed = in64(packed, extra);
          offset = in64(offset, extra);
        } else if (id == EXTRA_TIME && length >= 5 && (extra.get(0) & 1) != 0) {
          time = Instant.ofEpochSecond(extra.getInt(1));
        }
      }
      return time;
    }

    private static long in64(long value, ByteBuffer extra) {
      return value == IN_64 && extra.remaining() >= 8 ? extra.getLong() : value;
    }
  }

  /// A range of the file.
  private final class Range extends InputStream {
    private long at;
    private final long end;

    Range(long begin, long length) {
      this.at = begin;
      this.end = begin + Math.max(0, length);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, into.length);
      if (at >= end) {
        return -1;
      }
      int most = (int) Math.min(length, end - at);
      int read = file.read(ByteBuffer.wrap(into, offset, most), at);
      at += Math.max(0, read);
      return read;
    }
  }

  /// Compares length and CRC-32 at the end.
  private static final class Checked extends InputStream {
    private final InputStream in;
    private final Entry entry;
    private final @Nullable Inflater inflater;
    private final CRC32 crc = new CRC32();
    private long length;

    Checked(InputStream in, Entry entry, @Nullable Inflater inflater) {
      this.in = in;
      this.entry = entry;
      this.inflater = inflater;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
      int read = in.read(into, offset, most);
      if (read < 0) {
        requireWhole();
      } else {
        crc.update(into, offset, read);
        length += read;
      }
      return read;
    }

    private void requireWhole() throws IOException {
      if (length != entry.size || crc.getValue() != entry.crc) {
        throw new IOException("is damaged: its length or its checksum is another");
      }
    }

    @Override
    public void close() throws IOException {
      if (inflater != null) {
        inflater.end();
      }
      in.close();
    }
  }
}
