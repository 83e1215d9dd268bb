package org.muniment.archive.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.format.FileId;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;

/// A copy as it will be when its checkpoint is replaced and what is retired is gone. For reading.
///
/// @param checkpoint that the copy will have
/// @param journals that it will have
@SuppressWarnings("ArrayRecordComponent")
record CopyView(Disk disk, byte[] checkpoint, List<String> journals) implements Disk {

  @Override
  public byte @Nullable [] read(String name) throws ArchiveException {
    return name.equals(Backup.CHECKPOINT) ? checkpoint.clone() : disk.read(name);
  }

  @Override
  public List<String> list(String folder) throws ArchiveException {
    return folder.equals(FileId.Kind.JOURNAL.folder()) ? journals : disk.list(folder);
  }

  @Override
  public List<String> folders(String folder) throws ArchiveException {
    return disk.folders(folder);
  }

  @Override
  public @Nullable Reader open(String name) throws ArchiveException {
    return disk.open(name);
  }

  @Override
  public Appender create(String name) {
    throw readOnly();
  }

  @Override
  public Appender append(String name, long length) {
    throw readOnly();
  }

  @Override
  public void replace(String name, byte[] octets) {
    throw readOnly();
  }

  @Override
  public void write(String name, byte[] octets) {
    throw readOnly();
  }

  @Override
  public void sync(String name) {
    throw readOnly();
  }

  @Override
  public void finish(String unfinished, String name) {
    throw readOnly();
  }

  @Override
  public void truncate(String name, long length) {
    throw readOnly();
  }

  @Override
  public void delete(String name) {
    throw readOnly();
  }

  @Override
  public void remove(String name) {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("a view of a copy is for reading");
  }
}
