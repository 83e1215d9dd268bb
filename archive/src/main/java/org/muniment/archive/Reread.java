package org.muniment.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.store.CorruptArchiveException;

/// Reads messages from the files of an archive for one who wants to know that they are there, not
/// what they are: nothing that was read or written before this was made is remembered.
public final class Reread implements Closeable {

  private final Archive archive;
  private final ContentIndex index;

  Reread(Archive archive, ContentIndex index) {
    this.archive = archive;
    this.index = index;
  }

  /// The octets of a message, checked as far as they are read.
  ///
  /// @throws CorruptArchiveException when the message is nowhere, or is damaged
  public InputStream open(ContentId id) throws IOException {
    Location hint = index.find(id);
    if (hint == null) {
      throw new CorruptArchiveException("message " + id, -1, "a place of its octets", "none");
    }
    return archive.open(id, hint, 0);
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
