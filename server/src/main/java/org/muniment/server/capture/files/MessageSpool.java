package org.muniment.server.capture.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;

/// Holds one message at a time while it is read: in memory when small, in a temporary file when
/// not. For one thread.
final class MessageSpool extends OutputStream implements Closeable {

  /// Longest message that is taken, in octets.
  static final long MAX_MESSAGE = Integer.MAX_VALUE;

  /// Longest message that is held in memory.
  static final int IN_MEMORY = 1 << 20;

  /// Room that stays free where the temporary folder lies.
  private static final long ROOM = 64L << 20;

  /// Octets between two looks at the room.
  private static final long STRIDE = 16L << 20;

  private static final int CHUNK = 1 << 16;

  private final Path folder;
  private byte[] memory = new byte[CHUNK];
  private @Nullable Path file;
  private @Nullable OutputStream out;
  private long length;

  /// @param folder an existing one
  MessageSpool(Path folder) {
    this.folder = folder;
  }

  /// Forgets the message before, and its octets with it.
  void begin() throws TemporaryFileException {
    try {
      forget();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void forget() throws IOException {
    length = 0;
    if (out != null) {
      out.close();
      out = null;
    }
    if (file != null) {
      Files.deleteIfExists(file);
      file = null;
    }
  }

  @Override
  public void write(int octet) throws TemporaryFileException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int count) throws TemporaryFileException {
    long end = length + count;
    if (end > MAX_MESSAGE) {
      length = end;
      return;
    }
    if (end <= IN_MEMORY) {
      if (end > memory.length) {
        memory = Arrays.copyOf(memory, (int) Math.min(IN_MEMORY, Math.max(end, 2L * length)));
      }
      System.arraycopy(from, offset, memory, (int) length, count);
    } else {
      writeToFile(from, offset, count);
    }
    length = end;
  }

  private void writeToFile(byte[] from, int offset, int count) throws TemporaryFileException {
    try {
      if (length / STRIDE < (length + count) / STRIDE || out == null) {
        requireRoom();
      }
      if (out == null) {
        file = Files.createTempFile(folder, "import-", ".part");
        out = Files.newOutputStream(file);
        out.write(memory, 0, (int) length);
      }
      out.write(from, offset, count);
    } catch (TemporaryFileException e) {
      throw e;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void requireRoom() throws IOException {
    if (Files.getFileStore(folder).getUsableSpace() < ROOM + STRIDE) {
      throw new TemporaryFileException(
          "the disk of " + folder + " is almost full: make room, and import again");
    }
  }

  private TemporaryFileException failed(IOException e) {
    return new TemporaryFileException(
        "the temporary folder " + folder + " cannot be written: " + e.getMessage(), e);
  }

  /// Writes all that `in` has.
  ///
  /// @throws TemporaryFileException from this side
  /// @throws IOException from `in`
  void copy(InputStream in) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
      write(chunk, 0, read);
    }
  }

  /// Whether the message is longer than [#MAX_MESSAGE]. It is not kept then.
  boolean tooLarge() {
    return length > MAX_MESSAGE;
  }

  /// Octets written.
  long length() {
    return length;
  }

  /// The message, readable until the next one begins.
  ///
  /// @throws IllegalStateException when it is too large
  Octets octets() throws TemporaryFileException {
    if (tooLarge()) {
      throw new IllegalStateException("a message of " + length + " octets");
    }
    try {
      if (out != null) {
        out.close();
      }
      return file == null ? Octets.of(Arrays.copyOf(memory, (int) length)) : Octets.of(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Removes what there is.
  @Override
  public void close() throws IOException {
    forget();
  }
}
