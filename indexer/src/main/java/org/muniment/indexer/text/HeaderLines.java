package org.muniment.indexer.text;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.HeaderFields;
import org.muniment.indexer.mail.HeaderText;

/// A header as text: each field decoded, on a line `Name: value`.
final class HeaderLines {

  private HeaderLines() {}

  /// @param charset of raw 8-bit octets that are no UTF-8, null where nothing names one
  static String of(HeaderFields header, @Nullable Charset charset) {
    StringBuilder text = new StringBuilder();
    for (HeaderFields.Field field : header.fields()) {
      text.append(field.name()).append(field.name().isEmpty() ? "" : ": ");
      text.append(HeaderText.decode(field.value(), charset)).append('\n');
    }
    return text.toString();
  }
}
