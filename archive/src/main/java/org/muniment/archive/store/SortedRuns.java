package org.muniment.archive.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Sorts more records than memory holds: runs of them are sorted and kept in a temporary file of
/// the system, and merged when they are read. Records have one length, and their order is that of
/// their octets, unsigned. Many threads may add.
public final class SortedRuns implements Closeable {

  /// Records held before they become a run.
  private static final int RUN = 1 << 16;

  private static final int BUFFER = 16 << 10;

  private final int width;
  private final List<Run> runs = new ArrayList<>();
  private byte[][] held = new byte[64][];
  private int count;
  private @Nullable FileChannel file;

  /// @param width octets of a record
  public SortedRuns(int width) {
    this.width = width;
  }

  /// Adds a record, which is not copied.
  public synchronized void add(byte[] record) throws ArchiveException {
    if (count == RUN) {
      write();
    }
    if (count == held.length) {
      held = Arrays.copyOf(held, 2 * count);
    }
    held[count++] = record;
  }

  private void write() throws ArchiveException {
    sort();
    ByteBuffer octets = ByteBuffer.allocate(width * count);
    for (int i = 0; i < count; i++) {
      octets.put(held[i]);
    }
    octets.flip();
    try {
      FileChannel to = file();
      long begin = to.size();
      long end = begin + octets.remaining();
      while (octets.hasRemaining()) {
        to.write(octets, end - octets.remaining());
      }
      runs.add(new Run(begin, end));
    } catch (IOException e) {
      throw failed(e);
    }
    count = 0;
  }

  private FileChannel file() throws IOException {
    if (file == null) {
      Path path = Files.createTempFile("muniment", ".sorted");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    return file;
  }

  private void sort() {
    Arrays.sort(held, 0, count, Arrays::compareUnsigned);
  }

  /// All records in order. Nothing may be added from now on; can be called again.
  public synchronized Cursor read() throws ArchiveException {
    sort();
    PriorityQueue<Head> heads =
        new PriorityQueue<>(Comparator.comparing(head -> head.record, Arrays::compareUnsigned));
    byte[][] inMemory = Arrays.copyOf(held, count);
    List<Head> all = new ArrayList<>();
    all.add(new Head(Arrays.asList(inMemory).iterator()));
    for (Run run : runs) {
      all.add(new Head(new RunIterator(run)));
    }
    for (Head head : all) {
      if (head.advance()) {
        heads.add(head);
      }
    }
    return new Cursor(heads);
  }

  @Override
  public void close() throws ArchiveException {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static StoreUnavailableException failed(Exception e) {
    return new StoreUnavailableException("cannot sort in a temporary file: " + e.getMessage(), e);
  }

  private record Run(long begin, long end) {}

  /// Reads the records once. Not safe for use by many threads.
  public static final class Cursor {
    private final PriorityQueue<Head> heads;

    private Cursor(PriorityQueue<Head> heads) {
      this.heads = heads;
    }

    /// The next record, or null at the end.
    public byte @Nullable [] next() throws ArchiveException {
      Head head = heads.poll();
      if (head == null) {
        return null;
      }
      byte[] record = head.record;
      if (head.advance()) {
        heads.add(head);
      }
      return record;
    }
  }

  /// The first record of a run that was not given yet.
  private static final class Head {
    private final Iterator<byte[]> rest;
    private byte[] record = new byte[0];

    Head(Iterator<byte[]> rest) {
      this.rest = rest;
    }

    boolean advance() throws ArchiveException {
      try {
        boolean more = rest.hasNext();
        if (more) {
          record = rest.next();
        }
        return more;
      } catch (UncheckedIOException e) {
        throw failed(e);
      }
    }
  }

  private final class RunIterator implements Iterator<byte[]> {
    private final ByteBuffer buffer = ByteBuffer.allocate(Math.max(1, BUFFER / width) * width);
    private final long end;
    private long at;

    RunIterator(Run run) {
      this.at = run.begin;
      this.end = run.end;
      buffer.limit(0);
    }

    @Override
    public boolean hasNext() {
      return buffer.hasRemaining() || at < end;
    }

    @Override
    public byte[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (!buffer.hasRemaining()) {
        fill();
      }
      byte[] record = new byte[width];
      buffer.get(record);
      return record;
    }

    private void fill() {
      try {
        FileChannel from = file();
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
        while (buffer.hasRemaining()) {
          if (from.read(buffer, at + buffer.position()) < 0) {
            throw new EOFException("a temporary file is shorter than it was");
          }
        }
        at += buffer.flip().limit();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
