package org.muniment.archive.store;

/// The archive is of a format that this program does not write or read. Use the version that does;
/// nothing was touched.
public final class FormatTooNewException extends ArchiveException {
  private static final long serialVersionUID = 1L;

  public FormatTooNewException(String message) {
    super(message);
  }
}
