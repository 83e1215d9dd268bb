package org.muniment.indexer.mail;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// The fields of a header, in order.
///
/// @param cut whether the header has more than what was read
public record HeaderFields(List<Field> fields, boolean cut) {

  public HeaderFields {
    fields = List.copyOf(fields);
  }

  /// A field of a header (RFC 5322 section 2.2).
  ///
  /// @param name as it stands
  /// @param rawValue what follows the colon, folding included, without the last line break; each
  ///   octet is one ISO-8859-1 character
  public record Field(String name, String rawValue) {

    /// The value unfolded (RFC 5322 section 2.2.3), without white space at both ends.
    public String value() {
      return unwritten();
    }
  }

  /// Reads a header up to its empty line or the end of the stream.
  ///
  /// @throws IOException only the stream's own
  public static HeaderFields read(InputStream octets) throws IOException {
    return unwritten(octets.toString());
  }

  /// Value of the first field of a name, whatever its case.
  public Optional<String> first(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
