package org.muniment.indexer.text;

import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.HeaderFields;
import org.muniment.indexer.mail.HeaderText;

/// A header as text, field by field.
public record HeaderLines(List<Line> lines) {

  public HeaderLines {
    lines = List.copyOf(lines);
  }

  /// A field.
  ///
  /// @param name as it stands; empty for what has none
  /// @param value decoded; a line break that was encoded is one again
  public record Line(String name, String value) {

    /// `Name: value`.
    public String text() {
      return name.isEmpty() ? value : name + ": " + value;
    }
  }

  /// @param charset of raw 8-bit octets that are no UTF-8, null where nothing names one
  static HeaderLines of(HeaderFields header, @Nullable Charset charset) {
    return new HeaderLines(
        header.fields().stream()
            .map(field -> new Line(field.name(), HeaderText.decode(field.value(), charset)))
            .toList());
  }

  /// Each field on a line of its own.
  public String text() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.text()).append('\n'));
    return text.toString();
  }
}
