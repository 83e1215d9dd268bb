package org.muniment.archive.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Holds an archive for one writer, against every other process and thread, for as long as it is
/// open. A crash releases it.
public final class WriterLock implements Closeable {

  // Closing any channel of a file drops the process's lock on it (POSIX fcntl), so a second writer
  // of this process must be turned away before it opens the file.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private WriterLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Takes the lock, without waiting.
  ///
  /// @param lockFile made when missing; holds the number of the process that has the lock
  /// @throws StoreRefusedException when another writer holds it; the message says which process
  public static WriterLock acquire(Path lockFile) throws ArchiveException {
    Path file = real(lockFile);
    if (!HELD_HERE.add(file)) {
      throw new StoreRefusedException("this process writes to the archive already (" + file + ")");
    }
    try {
      return new WriterLock(file, lock(file));
    } catch (ArchiveException e) {
      HELD_HERE.remove(file);
      throw e;
    } catch (IOException e) {
      HELD_HERE.remove(file);
      throw new StoreRefusedException("cannot lock " + file + ": " + e.getMessage(), e);
    }
  }

  /// One path for one file, whatever links lead to it.
  static Path real(Path lockFile) throws ArchiveException {
    Path file = lockFile.toAbsolutePath().normalize();
    try {
      Path folder = file.getParent();
      return folder == null ? file : folder.toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      throw new StoreRefusedException("cannot lock " + file + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new StoreRefusedException(
          "process " + Files.readString(file).strip() + " writes to this archive (" + file + ")");
    }
    byte[] holder =
        Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(holder), 0);
    return channel;
  }

  @Override
  public void close() throws ArchiveException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreUnavailableException("cannot release the lock " + file, e);
    } finally {
      HELD_HERE.remove(file);
    }
  }
}
