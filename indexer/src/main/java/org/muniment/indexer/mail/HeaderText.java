package org.muniment.indexer.mail;

import java.util.List;
import java.util.Optional;

/// Raw header text to what a person reads.
public final class HeaderText {

  private HeaderText() {}

  /// Decodes encoded words (RFC 2047) and raw 8-bit octets.
  ///
  /// @param raw each octet one ISO-8859-1 character
  public static String decode(String raw) {
    return unwritten(raw);
  }

  /// A parameter decoded (RFC 2231, else RFC 2047).
  ///
  /// @param name in lower case, without `*`
  public static Optional<String> parameter(List<Part.Parameter> parameters, String name) {
    return unwritten(name + parameters);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
