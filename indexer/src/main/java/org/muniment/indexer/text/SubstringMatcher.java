package org.muniment.indexer.text;

import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.HeaderFields;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.Structure;

/// Looks for values by reading the message.
///
/// @param attached looked through after the message itself
public record SubstringMatcher(Structure structure, OctetSource octets, AttachedTexts attached)
    implements Searched {

  @Override
  public boolean header(String field, String value) throws IOException {
    Substring wanted = new Substring(value);
    @Nullable Charset likely = structure.textCharset().orElse(null);
    return text().header().fields().stream()
        .filter(candidate -> candidate.name().equalsIgnoreCase(field))
        .map(HeaderFields.Field::value)
        .anyMatch(raw -> wanted.isIn(HeaderText.decode(raw, likely)));
  }

  @Override
  public boolean body(String value) throws IOException {
    return matches(value, false);
  }

  @Override
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
  static @Nullable String text(MessageText.Section section) {
    return switch (section) {
      case MessageText.Section.Header header -> header.lines().text();
      case MessageText.Section.PartHeader header -> header.lines().text();
      case MessageText.Section.Body body -> body.extracted().text();
      case MessageText.Section.Enclosed file -> file.name();
      case MessageText.Section.Bounce bounce -> null;
    };
  }

  /// Whether a section is a header, of the message or inside it: BODY looks at none.
  static boolean isHeader(MessageText.Section section) {
    return switch (section) {
      case MessageText.Section.Header _, MessageText.Section.PartHeader _ -> true;
      case MessageText.Section.Body _,
          MessageText.Section.Enclosed _,
          MessageText.Section.Bounce _ ->
          false;
    };
  }
}
