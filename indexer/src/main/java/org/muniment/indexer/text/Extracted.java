package org.muniment.indexer.text;

/// The text of a part, and how much it is to be trusted.
public record Extracted(String text, Status status) {

  /// How the reading went.
  public enum Status {
    /// All of it was read.
    OK,
    /// All of it was read, and its words are those of an alternative (RFC 2046 section 5.1.4) that
    /// came before it.
    REPEATED,
    /// There is more of it: the text is longer than [PartText#MAX_OCTETS], the file breaks off.
    CUT,
    /// Octets that are wrong in the transfer encoding were left out.
    MALFORMED_ENCODING,
    /// The octets are wrong in the charset that is named: they were read in another one, or a few
    /// became U+FFFD.
    MALFORMED_CHARSET,
    /// The charset is not known; it was detected.
    UNKNOWN_CHARSET,
    /// Some of it is encrypted, and no text.
    ENCRYPTED,
    /// Not a text part; there is no text.
    UNSUPPORTED;

    /// Whether nothing is to be told of it.
    boolean isPlain() {
      return this == OK || this == REPEATED || this == UNSUPPORTED;
    }
  }
}
