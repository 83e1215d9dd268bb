package org.muniment.indexer.text;

import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.HeaderFields;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.Structure;

/// Exact answers of IMAP SEARCH (RFC 9051 section 6.4.4) for the keys that look into a message, by
/// reading it: whether a value stands somewhere in its decoded text, whatever the case (see
/// [CaseFold]). Line breaks are as the sender wrote them in plain text; in HTML the value is looked
/// for in the text that a person sees, in headers in the unfolded value.
///
/// @param attached looked through after the message itself
public record SubstringMatcher(Structure structure, OctetSource octets, AttachedTexts attached) {

  /// HEADER: whether a field of this name has the value in it; an empty value asks for the field.
  public boolean header(String field, String value) throws IOException {
    Substring wanted = new Substring(value);
    @Nullable Charset likely = structure.textCharset().orElse(null);
    return text().header().fields().stream()
        .filter(candidate -> candidate.name().equalsIgnoreCase(field))
        .map(HeaderFields.Field::value)
        .anyMatch(raw -> wanted.isIn(HeaderText.decode(raw, likely)));
  }

  /// BODY: whether the value stands in the text of the body or of an attachment; messages inside
  /// this one, with their headers, are of the body.
  public boolean body(String value) throws IOException {
    return matches(value, false);
  }

  /// TEXT: whether the value stands in the header, in the text of the body or of an attachment.
  public boolean text(String value) throws IOException {
    return matches(value, true);
  }

  private MessageText text() {
    return new MessageText(structure, octets);
  }

  private boolean matches(String value, boolean withHeader) throws IOException {
    Substring wanted = new Substring(value);
    return !text().forEach(section -> !matches(section, wanted, withHeader))
        || attached.anyMatch(wanted::isIn);
  }

  private static boolean matches(
      MessageText.Section section, Substring wanted, boolean withHeader) {
    @Nullable String text = text(section);
    return text != null && (withHeader || !isHeader(section)) && wanted.isIn(text);
  }

  /// The text that is looked through of a section; null for none.
  public static @Nullable String text(MessageText.Section section) {
    return switch (section) {
      case MessageText.Section.Header header -> header.text();
      case MessageText.Section.Body body -> body.extracted().text();
      case MessageText.Section.Enclosed file -> file.name();
      case MessageText.Section.Bounce bounce -> null;
    };
  }

  /// Whether a section is the header of the message, which BODY does not look at.
  public static boolean isHeader(MessageText.Section section) {
    return section instanceof MessageText.Section.Header header
        && header.path().numbers().isEmpty();
  }
}
