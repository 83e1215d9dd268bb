package org.muniment.indexer.mail;

/// Something in a message that its RFC forbids, or that a limit of this program left unread. A
/// message with defects is archived, found and shown like any other.
///
/// @param offset where it was met, from the beginning of the message
public record Defect(Kind kind, long offset) {

  /// What is wrong.
  public enum Kind {
    /// The message has 0 octets.
    EMPTY,
    /// There is no header at all.
    NO_HEADER,
    /// A line of a header is neither a field nor a continuation of one.
    MALFORMED_HEADER_LINE,
    /// A header, or one of its fields, is longer than what is read of it.
    HEADER_TOO_LONG,
    /// A NUL octet.
    NUL,
    /// A multipart without a boundary parameter, read as text.
    NO_BOUNDARY,
    /// The boundary of a multipart never begins a part in its body; it is read as text.
    BOUNDARY_NOT_FOUND,
    /// A multipart that ends without its closing boundary.
    BOUNDARY_NOT_CLOSED,
    /// Parts nested deeper than [StructureReader#MAX_DEPTH].
    TOO_DEEP,
    /// More parts than [StructureReader#MAX_PARTS].
    TOO_MANY_PARTS,
    /// A Content-Type that cannot be understood, read as text/plain.
    MALFORMED_CONTENT_TYPE,
    /// An address list that cannot be understood.
    MALFORMED_ADDRESS,
    /// A Date that cannot be understood.
    MALFORMED_DATE,
    /// A Content-Transfer-Encoding that nobody knows.
    UNKNOWN_ENCODING,
    /// Octets that are wrong in the part's transfer encoding.
    MALFORMED_ENCODING,
    /// A charset that nobody knows.
    MALFORMED_CHARSET,
    /// This program failed on the message; nothing of what it is made of is known.
    UNREADABLE
  }
}
