package org.muniment.archive.store;

import java.io.IOException;

/// An operation on the archive did not take place. Each subclass says what the caller may do about
/// it.
public abstract sealed class ArchiveException extends IOException
    permits CorruptArchiveException,
        FormatTooNewException,
        StoreRefusedException,
        StoreUnavailableException {
  private static final long serialVersionUID = 1L;

  ArchiveException(String message) {
    super(message);
  }

  ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
