package org.muniment.server.capture.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files with mail in them, of one format.
public interface MailFiles {

  /// Goes through them once, in an order that is the same for the same files.
  ///
  /// @throws IOException when they are not of this format, from the temporary folder, or from
  ///   `receiver`
  void read(FileReceiver receiver) throws IOException;

  /// Octets there are to read, 0 when that is not known in advance.
  long octets();

  /// The files of a format at a path.
  ///
  /// @param path a symbolic link here is followed, one below it is not
  /// @param temporary an existing folder for messages too large for memory
  /// @throws IOException when there is nothing at `path`
  static MailFiles at(Path path, ImportFormat format, Path temporary) throws IOException {
    Path real = path.toRealPath();
    if (!Files.isReadable(real)) {
      throw new IOException(path + " cannot be read by user " + System.getProperty("user.name"));
    }
    if (!Files.isDirectory(real) && !Files.isRegularFile(real)) {
      throw new IOException(path + " is neither a file nor a folder");
    }
    return switch (format) {
      case MBOX, MBOXRD, MBOXO, MBOXCL, MBOXCL2 -> new MboxFiles(real, format, temporary);
      case MAILDIR -> new Maildirs(real, temporary);
      case EML -> new EmlFiles(real, temporary);
      case ZIP, TAR -> new PackedFiles(real, format, temporary);
      case PST -> new PstFiles(real, temporary);
    };
  }
}
