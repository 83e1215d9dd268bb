package org.muniment.indexer.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidValidity;

/// A mailbox as the catalogue has it at one moment.
///
/// @param number its number in this catalogue
/// @param name its full name as the source sent it
/// @param delimiter the source's hierarchy delimiter, `""` for a flat name
/// @param attributes name attributes at the source, such as `\Sent`
/// @param subscribed whether it is subscribed at the source
/// @param objectId MAILBOXID (RFC 8474) at the source, `""` where there is none
/// @param listed whether the source lists it
/// @param uidValidity of the IMAP view
/// @param uidNext the next UID that it will give in the IMAP view
/// @param messages number of placements
/// @param unseen number of those without `\Seen`
/// @param octets sum of their lengths
/// @param gone those of them that are gone at the source
/// @param moved those that have moved elsewhere in the account
/// @param changed leaf of the last event that touched a placement, -1 when there is none
public record Mailbox(
    int number,
    MailboxId id,
    AccountName account,
    SourceText name,
    String delimiter,
    Set<String> attributes,
    boolean subscribed,
    String objectId,
    boolean listed,
    UidValidity uidValidity,
    long uidNext,
    long messages,
    long unseen,
    long octets,
    Counts gone,
    Counts moved,
    long changed) {

  public Mailbox {
    attributes = Set.copyOf(attributes);
  }

  /// How much of it is shown.
  public Counts counts(Shown shown) {
    Counts all = new Counts(messages, unseen, octets);
    return switch (shown) {
      case ALL -> all;
      case NOT_MOVED -> all.minus(moved);
      case THERE -> all.minus(moved).minus(gone);
    };
  }

  /// Its name for people, one text for each level of hierarchy; at least one, none empty unless the
  /// whole name is.
  public List<String> path() {
    String display = name.display();
    if (delimiter.isEmpty()) {
      return List.of(display);
    }
    List<String> path = new ArrayList<>();
    int from = 0;
    for (int to; (to = display.indexOf(delimiter, from)) >= 0; from = to + delimiter.length()) {
      path.add(display.substring(from, to));
    }
    path.add(display.substring(from));
    path.removeIf(String::isEmpty);
    return path.isEmpty() ? List.of(display) : List.copyOf(path);
  }
}
