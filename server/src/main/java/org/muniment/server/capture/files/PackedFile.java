package org.muniment.server.capture.files;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file in a zip or tar archive.
///
/// @param name its path as the archive has it, one character per octet; never a path of ours
/// @param modified when it was written last
/// @param content null when it is a link, a device, or something else without octets of its own
record PackedFile(String name, Instant modified, @Nullable Content content) {

  /// The octets of a file in an archive.
  interface Content {
    /// Opens them, once.
    ///
    /// @throws IOException when they cannot be read, in words for people
    InputStream open() throws IOException;
  }

  /// Goes through an archive, front to back.
  interface Reader {

    /// The next entry that is no folder; null at the end. What is left of the one before is passed
    /// over.
    ///
    /// @throws IOException when the archive is damaged; no entry can be read any longer
    @Nullable PackedFile next() throws IOException;
  }
}
