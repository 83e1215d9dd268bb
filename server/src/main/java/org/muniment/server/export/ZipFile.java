package org.muniment.server.export;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Writes a zip file (PKWARE APPNOTE 6.3.3) entry by entry, remembering none: who writes it keeps
/// what [#add] answers, and gives it back to [#directory]. So it can be cut behind any entry, and
/// gone on with. Beyond 4 GiB and 65,535 entries it is zip64. Names are UTF-8.
final class ZipFile implements Closeable {

  /// From here on a number stands in a zip64 field.
  private static final long LARGE = 0xFFFF_FFFFL;

  /// A file so large may become larger than [#LARGE] when it is compressed.
  private static final long MAYBE_LARGE = 0xFFF0_0000L;

  private static final int MANY = 0xFFFF;
  private static final int LOCAL = 30;
  private static final int CENTRAL = 46;
  private static final int ZIP64_LOCAL = 20;
  private static final int TIME_EXTRA = 9;
  private static final int UTF8 = 1 << 11;
  private static final int DEFLATED = 8;
  private static final int VERSION = 20;
  private static final int VERSION_64 = 45;
  private static final int MADE_BY_UNIX = 3 << 8;
  private static final int OWNER_ONLY = 0100600 << 16;
  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private long entries;
  private long directoryAt = -1;

  ZipFile(FileChannel channel) {
    this.channel = channel;
  }

  /// A file in a zip file.
  ///
  /// @param at offset of its header
  /// @param end offset behind it
  /// @param size of the file itself
  record Entry(String name, Instant time, long at, long end, long size, long crc) {

    private byte[] nameOctets() {
      return name.getBytes(StandardCharsets.UTF_8);
    }

    private boolean large() {
      return size >= MAYBE_LARGE;
    }

    private int header() {
      return LOCAL + nameOctets().length + TIME_EXTRA + (large() ? ZIP64_LOCAL : 0);
    }

    /// Octets of the compressed file.
    private long packed() {
      return end - at - header();
    }
  }

  /// Goes on at an offset; what follows it goes.
  void cut(long end) throws IOException {
    channel.truncate(end).position(end);
  }

  /// Adds a file. When it cannot be read there is nothing of it.
  ///
  /// @param size of it, which is not more than it has
  Entry add(String name, Instant time, long size, InputStream in) throws IOException {
    long at = channel.position();
    try {
      return write(name, time, size, in, at);
    } catch (IOException e) {
      cut(at);
      throw e;
    }
  }

  private Entry write(String name, Instant time, long size, InputStream in, long at)
      throws IOException {
    Entry empty = new Entry(name, time, at, at, size, 0);
    channel.position(at + empty.header());
    CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    long written;
    try {
      OutputStream out =
          new DeflaterOutputStream(Channels.newOutputStream(channel), deflater, BUFFER);
      checked.transferTo(out);
      ((DeflaterOutputStream) out).finish();
      written = deflater.getBytesRead();
    } finally {
      deflater.end();
    }
    if (written != size) {
      throw new IOException(name + " has " + written + " octets, not " + size);
    }
    long end = channel.position();
    Entry entry = new Entry(name, time, at, end, size, checked.getChecksum().getValue());
    put(local(entry), at);
    return entry;
  }

  private void put(ByteBuffer octets, long at) throws IOException {
    for (long to = at; octets.hasRemaining(); ) {
      to += channel.write(octets, to);
    }
  }

  private void append(ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      channel.write(octets);
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer local(Entry entry) {
    byte[] name = entry.nameOctets();
    boolean large = entry.large();
    ByteBuffer header = buffer(entry.header()).putInt(0x04034b50);
    common(header, entry)
        .putInt((int) (large ? LARGE : entry.packed()))
        .putInt((int) (large ? LARGE : entry.size()))
        .putShort((short) name.length)
        .putShort((short) (TIME_EXTRA + (large ? ZIP64_LOCAL : 0)))
        .put(name);
    time(header, entry);
    if (large) {
      header.putShort((short) 1).putShort((short) 16).putLong(entry.size()).putLong(entry.packed());
    }
    return header.flip();
  }

  private static ByteBuffer common(ByteBuffer header, Entry entry) {
    return header
        .putShort((short) (entry.large() ? VERSION_64 : VERSION))
        .putShort((short) UTF8)
        .putShort((short) DEFLATED)
        .putInt(dosTime(entry.time()))
        .putInt((int) entry.crc());
  }

  /// Info-ZIP's extended timestamp: seconds since 1970.
  private static void time(ByteBuffer header, Entry entry) {
    header
        .putShort((short) 0x5455)
        .putShort((short) 5)
        .put((byte) 1)
        .putInt(Math.clamp(entry.time().getEpochSecond(), 0, Integer.MAX_VALUE));
  }

  private static int dosTime(Instant instant) {
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    int year = Math.clamp(time.getYear() - 1980L, 0, 127);
    int day = (year << 9) | (time.getMonthValue() << 5) | time.getDayOfMonth();
    return (day << 16) | (time.getHour() << 11) | (time.getMinute() << 5) | (time.getSecond() / 2);
  }

  /// Writes an entry of the directory at the end.
  ///
  /// @param entry one that [#add] answered, of this or an earlier run
  void directory(Entry entry) throws IOException {
    if (directoryAt < 0) {
      directoryAt = channel.position();
    }
    entries++;
    byte[] name = entry.nameOctets();
    boolean farOff = entry.at() >= LARGE;
    int zip64 = (entry.large() ? 16 : 0) + (farOff ? 8 : 0);
    int extra = TIME_EXTRA + (zip64 == 0 ? 0 : 4 + zip64);
    ByteBuffer header = buffer(CENTRAL + name.length + extra).putInt(0x02014b50);
    header.putShort((short) (MADE_BY_UNIX | VERSION_64));
    common(header, entry)
        .putInt((int) (entry.large() ? LARGE : entry.packed()))
        .putInt((int) (entry.large() ? LARGE : entry.size()))
        .putShort((short) name.length)
        .putShort((short) extra)
        .putShort((short) 0) // comment
        .putShort((short) 0) // disk
        .putShort((short) 0) // internal attributes
        .putInt(OWNER_ONLY)
        .putInt((int) (farOff ? LARGE : entry.at()))
        .put(name);
    time(header, entry);
    if (zip64 > 0) {
      header.putShort((short) 1).putShort((short) zip64);
      if (entry.large()) {
        header.putLong(entry.size()).putLong(entry.packed());
      }
      if (farOff) {
        header.putLong(entry.at());
      }
    }
    append(header.flip());
  }

  /// Ends the file, after its directory.
  void end() throws IOException {
    long end = channel.position();
    long from = directoryAt < 0 ? end : directoryAt;
    boolean zip64 = entries >= MANY || end >= LARGE;
    ByteBuffer footer = buffer(56 + 20 + 22);
    if (zip64) {
      footer
          .putInt(0x06064b50)
          .putLong(44)
          .putShort((short) (MADE_BY_UNIX | VERSION_64))
          .putShort((short) VERSION_64)
          .putInt(0)
          .putInt(0)
          .putLong(entries)
          .putLong(entries)
          .putLong(end - from)
          .putLong(from);
      footer.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    }
    short count = (short) Math.min(entries, MANY);
    footer
        .putInt(0x06054b50)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort(count)
        .putShort(count)
        .putInt((int) (zip64 ? LARGE : end - from))
        .putInt((int) (zip64 ? LARGE : from))
        .putShort((short) 0);
    append(footer.flip());
    channel.force(true);
  }

  /// A file as it is in the zip file.
  InputStream open(Entry entry) throws IOException {
    InputStream packed =
        new BufferedInputStream(
            new Range(channel, entry.at() + entry.header(), entry.end()), BUFFER);
    Inflater inflater = new Inflater(true);
    return new InflaterInputStream(packed, inflater, BUFFER) {
      @Override
      public void close() throws IOException {
        super.close();
        inflater.end();
      }
    };
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// Part of a file, read without moving the place where it is written.
  private static final class Range extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long at;

    Range(FileChannel channel, long at, long end) {
      this.channel = channel;
      this.at = at;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (at >= end) {
        return -1;
      }
      int most = (int) Math.min(length, end - at);
      int read = channel.read(ByteBuffer.wrap(octets, offset, most), at);
      if (read < 0) {
        throw new EOFException();
      }
      at += read;
      return read;
    }
  }
}
