package org.muniment.server.capture.pop3;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;

/// A message that was fetched: in memory while it is small, in a temporary file that closing
/// deletes when it is not.
public final class Retrieved implements Octets, Closeable {

  /// Most octets in memory.
  static final int IN_MEMORY = 128 << 10;

  private final Path folder;
  private @Nullable ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable Path file;
  private @Nullable OutputStream out;
  private Octets octets = Octets.of(new byte[0]);

  Retrieved(Path folder) {
    this.folder = folder;
  }

  /// Where the octets go.
  OutputStream sink() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        take(from, offset, length);
      }
    };
  }

  private void take(byte[] from, int offset, int length) throws IOException {
    if (memory != null && memory.size() + length <= IN_MEMORY) {
      memory.write(from, offset, length);
      return;
    }
    if (out == null) {
      file = Files.createTempFile(folder, "capture", ".part");
      out = Files.newOutputStream(file);
    }
    if (memory != null) {
      memory.writeTo(out);
      memory = null;
    }
    out.write(from, offset, length);
  }

  /// Called when all octets have come.
  void whole() throws IOException {
    if (out != null) {
      out.close();
    }
    if (memory != null) {
      octets = Octets.of(memory.toByteArray());
    } else if (file != null) {
      octets = Octets.of(file);
    }
  }

  @Override
  public long length() {
    return octets.length();
  }

  @Override
  public InputStream open() throws IOException {
    return octets.open();
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
