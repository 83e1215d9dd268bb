package org.muniment.archive.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.ReadOnlyDisk;
import org.muniment.archive.store.StoreUnavailableException;

/// A disk on which octets that cannot be read are damage at their place, as those are that are not
/// right: a bad sector is what somebody verifies for, and hides nothing elsewhere.
record UnreadableIsDamage(Disk disk) implements ReadOnlyDisk {

  @Override
  public @Nullable Reader open(String name) throws ArchiveException {
    Reader file = disk.open(name);
    return file == null ? null : new DamageReader(name, file);
  }

  @Override
  public byte @Nullable [] read(String name) throws ArchiveException {
    return disk.read(name);
  }

  @Override
  public List<String> list(String folder) throws ArchiveException {
    return disk.list(folder);
  }

  @Override
  public List<String> folders(String folder) throws ArchiveException {
    return disk.folders(folder);
  }

  private record DamageReader(String name, Reader file) implements Reader {

    @Override
    public long size() throws ArchiveException {
      return file.size();
    }

    @Override
    public int read(byte[] into, int offset, int length, long position) throws ArchiveException {
      try {
        return file.read(into, offset, length, position);
      } catch (StoreUnavailableException e) {
        throw new CorruptArchiveException(
            name, position, length + " octets", String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void close() throws ArchiveException {
      file.close();
    }
  }
}
