package org.muniment.archive.content;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The octets of one message before they are archived: in memory when small, in a temporary file
/// when not. Can be read more than once, always with the same result, by several threads at once.
public interface Octets extends Closeable {

  /// Number of octets.
  long length();

  /// The octets from the beginning; the caller closes it.
  InputStream open() throws IOException;

  /// Gives up what the octets take beside memory, such as a temporary file: they are not read any
  /// more. Nothing to give up, unless something else is said.
  @Override
  default void close() throws IOException {}

  /// Octets in memory. The array is not copied and must not be changed afterwards.
  static Octets of(byte[] octets) {
    return new Octets() {
      @Override
      public long length() {
        return octets.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(octets);
      }
    };
  }

  /// The octets of a file, which must not change until they are archived.
  static Octets of(Path file) throws IOException {
    return new FileOctets(file, Files.size(file), false);
  }

  /// The octets of a file that is deleted when they are closed.
  static Octets ofTemporary(Path file) throws IOException {
    return new FileOctets(file, Files.size(file), true);
  }
}
