package org.muniment.archive.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/// Keeps the files of an archive from being removed for as long as it is open. Many may hold one at
/// once, in many processes; a crash releases it.
public final class Pin implements Closeable {

  /// Name of the locked file in the archive; it is empty.
  public static final String NAME = "pin";

  // Closing any channel of a file drops the process's lock on it (POSIX fcntl), so that all who
  // hold a pin in this process share one channel. Also the lock of everything here.
  private static final Map<Path, Shared> HELD_HERE = new HashMap<>();

  private final Path file;
  private boolean open = true;

  private Pin(Path file) {
    this.file = file;
  }

  /// Holds the files of an archive, when a removal that goes on is done.
  ///
  /// @param pinFile made when missing
  public static Pin hold(Path pinFile) throws ArchiveException {
    Path file = WriterLock.real(pinFile);
    synchronized (HELD_HERE) {
      Shared shared = HELD_HERE.get(file);
      if (shared == null) {
        shared = new Shared(lock(file));
        HELD_HERE.put(file, shared);
      }
      shared.holders++;
      return new Pin(file);
    }
  }

  /// Removes files unless somebody holds them.
  ///
  /// @return whether nobody did
  public static boolean unlessHeld(Path pinFile, Removal removal) throws ArchiveException {
    Path file = WriterLock.real(pinFile);
    synchronized (HELD_HERE) {
      if (HELD_HERE.containsKey(file)) {
        return false;
      }
      try (FileChannel channel = channel(file);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          return false;
        }
        removal.run();
        return true;
      } catch (ArchiveException e) {
        throw e;
      } catch (IOException e) {
        throw failed(file, e);
      }
    }
  }

  private static FileChannel lock(Path file) throws ArchiveException {
    try {
      FileChannel channel = channel(file);
      try {
        channel.lock(0, Long.MAX_VALUE, true);
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(
        file,
        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static ArchiveException failed(Path file, IOException e) {
    return new StoreRefusedException("cannot lock " + file + ": " + e.getMessage(), e);
  }

  @Override
  public void close() throws ArchiveException {
    synchronized (HELD_HERE) {
      Shared shared = HELD_HERE.get(file);
      if (!open || shared == null) {
        return;
      }
      open = false;
      shared.holders--;
      if (shared.holders == 0) {
        HELD_HERE.remove(file);
        try {
          shared.channel.close();
        } catch (IOException e) {
          throw new StoreUnavailableException("cannot release " + file, e);
        }
      }
    }
  }

  /// Removes files.
  public interface Removal {
    void run() throws ArchiveException;
  }

  private static final class Shared {
    private final FileChannel channel;
    private int holders;

    Shared(FileChannel channel) {
      this.channel = channel;
    }
  }
}
