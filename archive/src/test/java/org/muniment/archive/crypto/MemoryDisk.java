package org.muniment.archive.crypto;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.StoreUnavailableException;

/// Small files in memory; after so many writes the power is gone.
final class MemoryDisk implements Disk {

  final TreeMap<String, byte[]> files = new TreeMap<>();
  int writesLeft = Integer.MAX_VALUE;

  @Override
  public byte @Nullable [] read(String name) {
    byte[] octets = files.get(name);
    return octets == null ? null : octets.clone();
  }

  @Override
  public void replace(String name, byte[] octets) throws ArchiveException {
    if (writesLeft-- <= 0) {
      throw new StoreUnavailableException("the power is gone: " + name, new Exception());
    }
    files.put(name, octets.clone());
  }

  @Override
  public List<String> list(String folder) {
    String prefix = folder + "/";
    return files.keySet().stream()
        .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0)
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  @Override
  public Appender create(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Appender append(String name, long length) {
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
  public void remove(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void finish(String unfinished, String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void truncate(String name, long length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> folders(String folder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }
}
