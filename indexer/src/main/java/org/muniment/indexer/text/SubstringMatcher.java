package org.muniment.indexer.text;

import java.io.IOException;
import org.muniment.indexer.mail.Structure;

/// Exact answers of IMAP SEARCH (RFC 9051 section 6.4.4) for the keys that look into a message.
public record SubstringMatcher(Structure structure, OctetSource octets) {

  /// HEADER: whether a field of this name has the value in it; an empty value asks for the field.
  public boolean header(String field, String value) throws IOException {
    return unwritten(field + value);
  }

  /// BODY: whether the value stands in the text of the body.
  public boolean body(String value) throws IOException {
    return unwritten(value);
  }

  /// TEXT: whether the value stands in the header or in the text of the body.
  public boolean text(String value) throws IOException {
    return unwritten(value);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
