package org.muniment.server.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.StoreUnavailableException;

/// A disk whose power goes after so many replacements of a file; others that share the power go
/// with it.
record StoppingDisk(Disk disk, Power power) implements Disk {

  static final class Power {
    private int left;

    Power(int replacements) {
      left = replacements;
    }
  }

  @Override
  public void replace(String name, byte[] octets) throws ArchiveException {
    if (power.left-- <= 0) {
      throw new StoreUnavailableException("the power is gone: " + name, new Exception());
    }
    disk.replace(name, octets);
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
  public Appender create(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Reader open(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(String name, byte[] octets) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sync(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void truncate(String name, long length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String name) {
    throw new UnsupportedOperationException();
  }
}
