package org.muniment.archive.store;

/// The store will not do it, now or later: no permission, held by another process, other octets
/// under the same name. Trying again is of no use until a person has changed something.
public final class StoreRefusedException extends ArchiveException {
  private static final long serialVersionUID = 1L;

  public StoreRefusedException(String message) {
    super(message);
  }

  public StoreRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
