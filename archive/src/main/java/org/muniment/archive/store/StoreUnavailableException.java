package org.muniment.archive.store;

/// The store could not do it this time: disk full, I/O error. After a failed write the writer is
/// closed for good (what was acknowledged stays); open the archive again once the cause is gone.
public final class StoreUnavailableException extends ArchiveException {
  private static final long serialVersionUID = 1L;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
