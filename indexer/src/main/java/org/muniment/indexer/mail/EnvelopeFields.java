package org.muniment.indexer.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.HeaderFields.Field;

/// Fields of a header to an envelope. As in Dovecot, of a text that stands twice the last counts,
/// and address lists that stand twice are joined.
final class EnvelopeFields {

  private static final TreeSet<String> NAMES = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    NAMES.addAll(
        List.of("Date", "Subject", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "In-Reply-To"));
    NAMES.addAll(List.of("Message-ID", "References"));
  }

  private final List<Field> fields;
  private boolean malformedAddress;

  EnvelopeFields(List<Field> fields) {
    this.fields = fields;
  }

  static boolean isEnvelopeField(String name) {
    return NAMES.contains(name);
  }

  Envelope envelope() {
    return new Envelope(
        text("Date"),
        text("Subject"),
        addresses("From"),
        addresses("Sender"),
        addresses("Reply-To"),
        addresses("To"),
        addresses("Cc"),
        addresses("Bcc"),
        text("In-Reply-To"),
        text("Message-ID"));
  }

  /// Message ids of References, else of In-Reply-To.
  List<String> references() {
    String references = text("References");
    List<String> ids = references == null ? List.of() : MessageIds.parse(references);
    String inReplyTo = text("In-Reply-To");
    return ids.isEmpty() && inReplyTo != null ? MessageIds.parse(inReplyTo) : ids;
  }

  boolean hasMalformedAddress() {
    return malformedAddress;
  }

  @Nullable String text(String name) {
    String last = null;
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        last = field.value();
      }
    }
    return last;
  }

  private List<Address> addresses(String name) {
    List<Address> all = new ArrayList<>();
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        AddressList list = AddressList.parse(field.value());
        malformedAddress |= list.malformed();
        all.addAll(list.addresses());
      }
    }
    return all;
  }
}
