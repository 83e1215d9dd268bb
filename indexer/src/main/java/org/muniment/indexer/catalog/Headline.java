package org.muniment.indexer.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.Envelope;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.SentDate;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureJson;

/// What the catalogue keeps of the octets of a message.
///
/// @param structure as JSON
@SuppressWarnings("ArrayRecordComponent") // made, bound to one statement, dropped
record Headline(
    String subject,
    String from,
    String to,
    @Nullable SentDate sentDate,
    boolean attachment,
    byte[] structure,
    byte[] header,
    @Nullable ListedFields listed) {

  /// @param header SHA-256 of the header with the empty line
  static Headline of(Structure structure, byte[] header, @Nullable ListedFields listed) {
    Envelope envelope = structure.envelope();
    String date = envelope.date();
    return new Headline(
        display(envelope.subject() == null ? "" : HeaderText.decode(envelope.subject())),
        display(envelope.from()),
        display(envelope.to()),
        date == null ? null : SentDate.parse(date).orElse(null),
        hasAttachment(structure.root()),
        StructureJson.write(structure),
        header,
        listed);
  }

  private static String display(List<Address> addresses) {
    StringBuilder text = new StringBuilder();
    for (Address address : addresses) {
      if (text.length() > Message.MAX_TEXT) {
        break;
      }
      text.append(text.isEmpty() ? "" : ", ").append(address.display());
    }
    return display(text.toString());
  }

  /// One line, without control characters, not too long.
  private static String display(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(Message.MAX_TEXT)
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return line.toString().strip();
  }

  private static boolean hasAttachment(Part root) {
    boolean[] found = {false};
    PartPath.forEach(root, (path, part) -> found[0] |= isAttachment(part));
    return found[0];
  }

  // A part with a Content-ID is shown inside the text, whatever name it has.
  private static boolean isAttachment(Part part) {
    Part.Disposition disposition = part.disposition();
    return (disposition != null && disposition.type().equals("attachment"))
        || part.message() != null
        || (part.id() == null && part.filename().isPresent());
  }
}
