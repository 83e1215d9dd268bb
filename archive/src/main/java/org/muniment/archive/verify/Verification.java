package org.muniment.archive.verify;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Contents;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;

/// What the checks of one run share.
///
/// @param contents of the files that the messages of others refer to
record Verification(
    Disk disk,
    FileKeys keys,
    FormatFile format,
    Contents contents,
    Findings findings,
    Tally tally,
    Held held,
    Workers workers) {

  /// The same run, for a check whose findings are wanted apart.
  Verification with(Findings own) {
    return new Verification(disk, keys, format, contents, own, tally, held, workers);
  }

  /// Octets in a file, -1 when there is none.
  long length(String name) throws ArchiveException {
    try (Disk.@Nullable Reader file = disk.open(name)) {
      return file == null ? -1 : file.size();
    }
  }

  OpenFiles files() {
    return contents.files();
  }
}
