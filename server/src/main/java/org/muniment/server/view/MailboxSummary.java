package org.muniment.server.view;

import java.util.List;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.UidValidity;

/// A mailbox in a list.
///
/// @param path its name, one text per level of hierarchy, as decoded for people; at least one
/// @param attributes name attributes at the source, such as `\Sent`
/// @param uidNext the next UID that this mailbox will give
/// @param messages number of messages in it
/// @param unseen number of those without `\Seen`
/// @param octets sum of their lengths
public record MailboxSummary(
    MailboxId id,
    AccountName account,
    List<String> path,
    Set<String> attributes,
    UidValidity uidValidity,
    long uidNext,
    long messages,
    long unseen,
    long octets) {

  public MailboxSummary {
    path = List.copyOf(path);
    attributes = Set.copyOf(attributes);
  }
}
