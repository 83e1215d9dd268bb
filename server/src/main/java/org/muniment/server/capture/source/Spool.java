package org.muniment.server.capture.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;

/// A message while it comes: in memory as long as it is small, in a temporary file when it is not.
/// For one thread.
public final class Spool extends OutputStream {

  /// Most octets in memory: 1 to 8 MiB, by the size of the heap.
  public static final int IN_MEMORY =
      Math.clamp(Runtime.getRuntime().maxMemory() / 128, 1 << 20, 8 << 20);

  private static final int FIRST = 8 << 10;

  private final Path folder;
  private final int most;
  private byte[] memory;
  private @Nullable Path file;
  private @Nullable OutputStream out;
  private long length;

  /// @param folder for the temporary file
  public Spool(Path folder) {
    this(folder, FIRST);
  }

  /// @param folder for the temporary file
  /// @param expected octets, to make room for at once; any number
  public Spool(Path folder, long expected) {
    this(folder, IN_MEMORY, Math.clamp(expected, FIRST, IN_MEMORY));
  }

  private Spool(Path folder, int most, int room) {
    this.folder = folder;
    this.most = most;
    this.memory = new byte[room];
  }

  /// One that holds nothing in memory: for where many may come at once.
  ///
  /// @param folder for the temporary file
  public static Spool inFile(Path folder) {
    return new Spool(folder, 0, 0);
  }

  /// Octets that have come.
  public long length() {
    return length;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int count) throws IOException {
    long end = length + count;
    if (end <= most) {
      if (end > memory.length) {
        memory = Arrays.copyOf(memory, Math.clamp(2L * memory.length, (int) end, most));
      }
      System.arraycopy(from, offset, memory, (int) length, count);
    } else {
      file().write(from, offset, count);
    }
    length = end;
  }

  private OutputStream file() throws IOException {
    OutputStream open = out;
    if (open == null) {
      file = Files.createTempFile(folder, "capture", ".part");
      open = Files.newOutputStream(file);
      out = open;
      open.write(memory, 0, (int) length);
      memory = new byte[0];
    }
    return open;
  }

  /// The message, when all of it has come; it is the caller's to close, and this is of no use any
  /// more.
  public Octets whole() throws IOException {
    Path spooled = file;
    if (out == null || spooled == null) {
      return new Held(memory, (int) length);
    }
    out.close();
    Octets octets = Octets.ofTemporary(spooled);
    file = null;
    return octets;
  }

  /// Gives up what has come, unless it was handed over by [#whole].
  @Override
  public void close() throws IOException {
    try {
      if (out != null) {
        out.close();
      }
    } finally {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Held(byte[] array, int count) implements Octets {
    @Override
    public long length() {
      return count;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(array, 0, count);
    }
  }
}
