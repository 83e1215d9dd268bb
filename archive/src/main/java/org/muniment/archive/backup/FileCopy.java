package org.muniment.archive.backup;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.Progress;

/// Copies files from one disk to another, and counts. Not safe for use by many threads.
final class FileCopy {

  private static final int BUFFER = 1 << 20;

  private final Disk from;
  private final Disk to;
  private final Progress progress;
  private long files;
  private long octets;

  /// Those of them that are of large files.
  private long told;

  /// @param progress told of the octets of segments and journals
  FileCopy(Disk from, Disk to, Progress progress) {
    this.from = from;
    this.to = to;
    this.progress = progress;
  }

  /// Files of which something was copied.
  long files() {
    return files;
  }

  /// Octets copied.
  long octets() {
    return octets;
  }

  /// Copies a small file in one step when the copy has another or none, or when there is none.
  void small(String name) throws ArchiveException {
    byte[] octetsOfFile = from.read(name);
    if (octetsOfFile != null && !Arrays.equals(octetsOfFile, to.read(name))) {
      to.replace(name, octetsOfFile);
      octets += octetsOfFile.length;
      files++;
    }
  }

  /// Whether the copy has a segment: one of its length, its header, its footer and its end, which
  /// hold its checksums.
  boolean hasSegment(String name) throws ArchiveException {
    try (Disk.Reader source = open(name);
        Disk.Reader copy = to.open(name)) {
      if (copy == null || copy.size() != source.size()) {
        return false;
      }
      long end = source.size();
      byte[] trailer = read(name, source, end - SegmentFile.TRAILER, SegmentFile.TRAILER);
      long footer = Math.clamp(ByteBuffer.wrap(trailer).getLong(), 0, end);
      return same(source, copy, 0, SegmentFile.HEADER) == SegmentFile.HEADER
          && same(source, copy, footer, end) == end;
    }
  }

  /// Copies a file that does not change any more; under its name and durable when this returns.
  void whole(String name) throws ArchiveException {
    String unfinished = name + Disk.UNFINISHED;
    to.delete(unfinished);
    try (Disk.Reader source = open(name);
        Disk.Appender copy = to.create(unfinished)) {
      copy(name, source, 0, source.size(), copy);
    }
    to.remove(name);
    to.finish(unfinished, name);
  }

  /// Copies a file that grows, up to `end`; durable when this returns. What the copy has and is the
  /// same stays as it is.
  void beginning(String name, long end) throws ArchiveException {
    try (Disk.Reader source = open(name)) {
      long same = beginning(source, name, end);
      try (Disk.Appender copy = same < 0 ? to.create(name) : to.append(name, same)) {
        copy(name, source, Math.max(0, same), end, copy);
      }
    }
  }

  /// How long the copy of a file is the same, -1 when there is none.
  private long beginning(Disk.Reader source, String name, long end) throws ArchiveException {
    try (Disk.Reader copy = to.open(name)) {
      return copy == null ? -1 : same(source, copy, 0, end);
    }
  }

  private void copy(String name, Disk.Reader source, long start, long end, Disk.Appender copy)
      throws ArchiveException {
    for (long at = start; at < end; at += BUFFER) {
      byte[] buffer = read(name, source, at, (int) Math.min(BUFFER, end - at));
      copy.write(buffer, 0, buffer.length);
      octets += buffer.length;
      told += buffer.length;
      progress.at(files, told);
    }
    // Also when nothing was written: an earlier run may have been cut short before its sync.
    copy.sync();
    files += end > start ? 1 : 0;
  }

  private Disk.Reader open(String name) throws ArchiveException {
    Disk.Reader reader = from.open(name);
    if (reader == null) {
      throw new CorruptArchiveException(name, -1, "a file of the archive", "no file");
    }
    return reader;
  }

  private static byte[] read(String name, Disk.Reader file, long offset, int length)
      throws ArchiveException {
    byte[] octets = new byte[length];
    if (offset < 0 || file.read(octets, 0, length, offset) < length) {
      throw new CorruptArchiveException(name, offset, length + " octets", "the end of the file");
    }
    return octets;
  }

  /// The first offset from `start` on where two files differ, `end` at most.
  private static long same(Disk.Reader one, Disk.Reader other, long start, long end)
      throws ArchiveException {
    byte[] octets = new byte[BUFFER];
    byte[] others = new byte[BUFFER];
    for (long at = start; at < end; at += BUFFER) {
      int length = (int) Math.min(BUFFER, end - at);
      int read = one.read(octets, 0, length, at);
      int differ = Arrays.mismatch(octets, 0, read, others, 0, other.read(others, 0, length, at));
      if (differ >= 0 || read < length) {
        return at + (differ >= 0 ? differ : read);
      }
    }
    return end;
  }
}
