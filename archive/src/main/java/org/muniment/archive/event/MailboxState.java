package org.muniment.archive.event;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// What a mail client must find again in a mailbox, whatever else is gone or rebuilt.
///
/// @param uidNext the UID that the mailbox gives next
public record MailboxState(MailboxId id, UidValidity uidValidity, long uidNext)
    implements Comparable<MailboxState> {

  /// This mailbox after it gave a UID.
  public MailboxState after(Uid uid) {
    return new MailboxState(id, uidValidity, uid.value() + 1);
  }

  /// A new mailbox.
  public static MailboxState created(Event.MailboxCreated mailbox) {
    return new MailboxState(mailbox.id(), mailbox.uidValidity(), 1);
  }

  /// The mailboxes by their ids.
  public static Map<MailboxId, MailboxState> byId(Collection<MailboxState> mailboxes) {
    Map<MailboxId, MailboxState> byId = new HashMap<>();
    mailboxes.forEach(mailbox -> byId.put(mailbox.id, mailbox));
    return byId;
  }

  /// The fields of its JSON object.
  public Map<String, Object> fields() {
    return Map.of("id", id.value(), "uidNext", uidNext, "uidValidity", uidValidity.value());
  }

  /// Reads a JSON object.
  ///
  /// @throws IllegalArgumentException when it is none of a mailbox
  public static MailboxState of(Object object) {
    if (object instanceof Map<?, ?> fields
        && fields.get("id") instanceof String id
        && fields.get("uidNext") instanceof Long uidNext
        && fields.get("uidValidity") instanceof Long uidValidity) {
      return new MailboxState(new MailboxId(id), new UidValidity(uidValidity), uidNext);
    }
    throw new IllegalArgumentException("id, uidNext and uidValidity are expected of a mailbox");
  }

  @Override
  public int compareTo(MailboxState other) {
    return id.compareTo(other.id);
  }
}
