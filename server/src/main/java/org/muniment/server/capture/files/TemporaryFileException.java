package org.muniment.server.capture.files;

import java.io.IOException;

/// The temporary folder does not take what has to be written there: the file being read is not to
/// blame, and no other would fare better.
final class TemporaryFileException extends IOException {
  private static final long serialVersionUID = 1L;

  TemporaryFileException(String message, IOException cause) {
    super(message, cause);
  }

  TemporaryFileException(String message) {
    super(message);
  }
}
