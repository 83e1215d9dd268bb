package org.muniment.archive.store;

/// The archive holds something other than what was written. Reading the same place again will not
/// help; `verify` names all that is wrong, and a backup holds the right octets.
public final class CorruptArchiveException extends ArchiveException {
  private static final long serialVersionUID = 1L;

  /// @param resource the file, relative to the archive
  /// @param offset octets from its beginning, or -1 for the file as a whole
  public CorruptArchiveException(String resource, long offset, String expected, String found) {
    super(
        resource
            + (offset < 0 ? "" : " at offset " + offset)
            + ": expected "
            + expected
            + ", found "
            + found);
  }
}
