package org.muniment.archive.store;

/// The archive holds something other than what was written. Reading the same place again will not
/// help; `verify` names all that is wrong, and a backup holds the right octets.
public final class CorruptArchiveException extends ArchiveException {
  private static final long serialVersionUID = 1L;

  private final String resource;
  private final long offset;
  private final String expected;
  private final String found;

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
    this.resource = resource;
    this.offset = offset;
    this.expected = expected;
    this.found = found;
  }

  /// The file, relative to the archive.
  public String resource() {
    return resource;
  }

  /// Octets from its beginning, or -1 for the file as a whole.
  public long offset() {
    return offset;
  }

  /// What should be there.
  public String expected() {
    return expected;
  }

  /// What is there.
  public String found() {
    return found;
  }
}
