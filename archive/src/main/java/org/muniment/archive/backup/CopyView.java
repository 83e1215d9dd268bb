package org.muniment.archive.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.format.FileId;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.ReadOnlyDisk;

/// A copy as it will be when its checkpoint is replaced and what is retired is gone. For reading.
///
/// @param checkpoint that the copy will have
/// @param journals that it will have
@SuppressWarnings("ArrayRecordComponent")
record CopyView(Disk disk, byte[] checkpoint, List<String> journals) implements ReadOnlyDisk {

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
}
