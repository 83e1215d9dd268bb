package org.muniment.server.view;

/// A search key of IMAP that looks at text (RFC 9051 section 6.4.4). Values are decoded text,
/// compared without regard to case.
public sealed interface TextKey {

  /// A header field, decoded, that contains the value; an empty value asks only for the field.
  record Header(String field, String value) implements TextKey {}

  /// The text of the body.
  record Body(String value) implements TextKey {}

  /// Header or body.
  record Text(String value) implements TextKey {}
}
