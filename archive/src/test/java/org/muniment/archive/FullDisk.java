package org.muniment.archive;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.StoreUnavailableException;

/// A disk with room for so many writes. The write for which there is none takes place by half, when
/// it is an append; from then on nothing can be written, and all can be read, synced, cut and
/// deleted.
record FullDisk(Disk disk, Room room) implements Disk {

  FullDisk(Disk disk, int writes) {
    this(disk, new Room(writes));
  }

  @Override
  public Appender create(String name) throws ArchiveException {
    room.take(name);
    return appender(name, disk.create(name));
  }

  @Override
  public Appender append(String name, long length) throws ArchiveException {
    return appender(name, disk.append(name, length));
  }

  private Appender appender(String name, Appender appender) {
    return new Appender() {
      @Override
      public void write(byte[] octets, int offset, int length) throws ArchiveException {
        if (room.writes == 0) {
          appender.write(octets, offset, length / 2);
        }
        room.take(name);
        appender.write(octets, offset, length);
      }

      @Override
      public void sync() throws ArchiveException {
        appender.sync();
      }

      @Override
      public void close() throws ArchiveException {
        appender.close();
      }
    };
  }

  @Override
  public @Nullable Reader open(String name) throws ArchiveException {
    return disk.open(name);
  }

  @Override
  public byte @Nullable [] read(String name) throws ArchiveException {
    return disk.read(name);
  }

  @Override
  public void replace(String name, byte[] octets) throws ArchiveException {
    room.take(name);
    disk.replace(name, octets);
  }

  @Override
  public void write(String name, byte[] octets) throws ArchiveException {
    room.take(name);
    disk.write(name, octets);
  }

  @Override
  public void sync(String name) throws ArchiveException {
    disk.sync(name);
  }

  @Override
  public void finish(String unfinished, String name) throws ArchiveException {
    disk.finish(unfinished, name);
  }

  @Override
  public void truncate(String name, long length) throws ArchiveException {
    disk.truncate(name, length);
  }

  @Override
  public List<String> list(String folder) throws ArchiveException {
    return disk.list(folder);
  }

  @Override
  public List<String> folders(String folder) throws ArchiveException {
    return disk.folders(folder);
  }

  @Override
  public void delete(String name) throws ArchiveException {
    disk.delete(name);
  }

  @Override
  public void remove(String name) throws ArchiveException {
    disk.remove(name);
  }

  /// Writes that still fit.
  static final class Room {
    private int writes;

    private Room(int writes) {
      this.writes = writes;
    }

    private void take(String name) throws ArchiveException {
      if (writes == 0) {
        throw new StoreUnavailableException(
            "cannot write " + name + ": No space left on device", new Exception());
      }
      writes--;
    }
  }
}
