package org.muniment.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An archive open for reading. Many may be open at once, in many processes, while one
/// [ArchiveWriter] appends; a reader sees everything up to the newest durable checkpoint.
@SuppressWarnings("DoNotCallSuggester")
public final class Archive implements Closeable {

  private Archive() {}

  /// Creates an empty archive in `directory`, which must not exist or be empty, and opens it.
  ///
  /// @param origin name of the log in its checkpoints (C2SP tlog-checkpoint), unique among logs,
  ///   such as a host name and path
  public static Archive create(Path directory, String origin) throws IOException {
    throw new UnsupportedOperationException(directory + origin);
  }

  /// Opens an archive.
  public static Archive open(Path directory) throws IOException {
    throw new UnsupportedOperationException(directory.toString());
  }

  /// Number of log entries that are durable. Never falls.
  public long size() throws IOException {
    throw new UnsupportedOperationException();
  }

  /// Reads the durable entries from index `position` on, in order, as of this call.
  public Entries entriesFrom(long position) throws IOException {
    throw new UnsupportedOperationException(Long.toString(position));
  }

  /// The octets at `location` from `offset` on. They are checked as far as they are read.
  public InputStream open(Location location, long offset) throws IOException {
    throw new UnsupportedOperationException(location.text() + offset);
  }

  /// Begins to write. Adopts what a crash left behind. There is one writer per archive.
  ///
  /// @param index finds octets that are archived already, so that they are stored once
  public ArchiveWriter writer(ContentIndex index) throws IOException {
    throw new UnsupportedOperationException(index.toString());
  }

  @Override
  public void close() throws IOException {}

  /// Entries in order of the log.
  public interface Entries extends Closeable {
    /// The next entry, or null at the end.
    @Nullable Entry next() throws IOException;
  }
}
