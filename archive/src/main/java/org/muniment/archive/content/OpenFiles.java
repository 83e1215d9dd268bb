package org.muniment.archive.content;

import java.io.Closeable;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;

/// Files of frames that are open, shared by all who read them, a bounded number of them kept open
/// while nobody does. Safe for use by many threads.
public final class OpenFiles implements Closeable {

  private static final int MOST_IDLE = 64;

  private final Disk disk;
  private final FileKeys keys;

  /// Longest unused first.
  private final Map<FileId, Shared> open = new LinkedHashMap<>();

  private boolean closed;

  /// Files of the archive on a disk.
  public OpenFiles(Disk disk, FileKeys keys) {
    this.disk = disk;
    this.keys = keys;
  }

  /// A file, which the caller closes; it is opened when it is not.
  ///
  /// @throws org.muniment.archive.store.CorruptArchiveException when there is none
  public synchronized Lease lease(FileId id) throws ArchiveException {
    Shared shared = open.remove(id);
    if (shared == null) {
      shared = new Shared(FrameFile.open(disk, keys, id));
    }
    open.put(id, shared);
    shared.readers++;
    return new Lease(shared);
  }

  /// Lets go of a file that was removed; who reads it goes on to read it.
  public synchronized void forget(FileId id) throws ArchiveException {
    Shared shared = open.remove(id);
    if (shared != null && shared.readers == 0) {
      shared.file.close();
    } else if (shared != null) {
      shared.forgotten = true;
    }
  }

  private synchronized void giveBack(Shared shared) throws ArchiveException {
    shared.readers--;
    if (shared.forgotten && shared.readers == 0) {
      shared.file.close();
    }
    Iterator<Shared> longestUnused = open.values().iterator();
    while ((closed || open.size() > MOST_IDLE) && longestUnused.hasNext()) {
      Shared candidate = longestUnused.next();
      if (candidate.readers == 0) {
        longestUnused.remove();
        candidate.file.close();
      }
    }
  }

  /// Closes what nobody reads; what somebody reads is closed when they are done.
  @Override
  public synchronized void close() throws ArchiveException {
    closed = true;
    Iterator<Shared> files = open.values().iterator();
    while (files.hasNext()) {
      Shared file = files.next();
      if (file.readers == 0) {
        files.remove();
        file.file.close();
      }
    }
  }

  private static final class Shared {
    private final FrameFile file;
    private int readers;
    private boolean forgotten;

    Shared(FrameFile file) {
      this.file = file;
    }
  }

  /// The right to read a file until it is closed. Not safe for use by many threads.
  public final class Lease implements Closeable {
    private final Shared shared;
    private boolean given = true;

    private Lease(Shared shared) {
      this.shared = shared;
    }

    /// The file, which is not to be closed.
    public FrameFile file() {
      return shared.file;
    }

    @Override
    public void close() throws ArchiveException {
      if (given) {
        given = false;
        giveBack(shared);
      }
    }
  }
}
