package org.muniment.indexer.text;

/// The text of a part, and how much it is to be trusted.
public record Extracted(String text, Status status) {

  /// How the reading went.
  public enum Status {
    /// All of it was read.
    OK,
    /// There is more than [PartText#MAX_OCTETS].
    CUT,
    /// Octets that are wrong in the transfer encoding were left out.
    MALFORMED_ENCODING,
    /// Octets that are wrong in the charset became U+FFFD.
    MALFORMED_CHARSET,
    /// The charset is not known; read as UTF-8 or windows-1252.
    UNKNOWN_CHARSET,
    /// Not a text part; there is no text.
    UNSUPPORTED
  }
}
