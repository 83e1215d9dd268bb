package org.muniment.indexer.text;

import java.io.IOException;

/// A message in which values are looked for: exact answers of IMAP SEARCH (RFC 9051 section 6.4.4)
/// for the keys that look into a message, whether a value stands somewhere in its decoded text,
/// whatever the case (see [CaseFold]). Line breaks are as the sender wrote them in plain text; in
/// HTML the value is looked for in the text that a person sees, in headers in the unfolded value.
///
/// Every method throws [IOException] when the text cannot be read.
public interface Searched {

  /// HEADER: whether a field of this name has the value in it; an empty value asks for the field.
  boolean header(String field, String value) throws IOException;

  /// BODY: whether the value stands in the text of the body or of an attachment; messages inside
  /// this one, with their headers, are of the body.
  boolean body(String value) throws IOException;

  /// TEXT: whether the value stands in the header, in the text of the body or of an attachment.
  boolean text(String value) throws IOException;
}
