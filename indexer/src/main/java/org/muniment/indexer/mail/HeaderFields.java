package org.muniment.indexer.mail;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// The fields of a header, in order. A line that is no field is one with an empty name.
///
/// @param cut whether the header has more than [#MAX_OCTETS]
public record HeaderFields(List<Field> fields, boolean cut) {

  /// Most octets that are read of a header.
  public static final int MAX_OCTETS = 1 << 20;

  public HeaderFields {
    fields = List.copyOf(fields);
  }

  /// A field of a header (RFC 5322 section 2.2).
  ///
  /// @param name as it stands, without white space before the colon; empty where the line has no
  ///   name
  /// @param rawValue what follows the colon, folding included, without the last line break; each
  ///   octet is one ISO-8859-1 character
  public record Field(String name, String rawValue) {

    /// The value unfolded (RFC 5322 section 2.2.3), without white space at both ends.
    public String value() {
      StringBuilder unfolded = new StringBuilder(rawValue.length());
      for (int i = 0; i < rawValue.length(); i++) {
        char c = rawValue.charAt(i);
        boolean lineBreak =
            c == '\n' || (c == '\r' && i + 1 < rawValue.length() && rawValue.charAt(i + 1) == '\n');
        if (!lineBreak) {
          unfolded.append(c);
        }
      }
      return unfolded.toString().strip();
    }
  }

  /// Reads a header up to its empty line, the end of the stream, or [#MAX_OCTETS].
  ///
  /// @throws IOException only the stream's own
  public static HeaderFields read(InputStream octets) throws IOException {
    OctetLines lines = new OctetLines(octets);
    FieldCollector collector = new FieldCollector(name -> true, MAX_OCTETS);
    while (!collector.cut() && lines.next() && !(lines.beginsLine() && lines.length() == 0)) {
      collector.take(lines);
    }
    return new HeaderFields(collector.finish(), collector.cut());
  }

  /// Value of the first field of a name, whatever its case.
  public Optional<String> first(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }
}
