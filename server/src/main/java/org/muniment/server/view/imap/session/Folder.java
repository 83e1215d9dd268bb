package org.muniment.server.view.imap.session;

import java.time.LocalDate;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.MailboxSummary;

/// A name in the hierarchy of mailboxes.
///
/// @param name full, decoded
/// @param mailbox null where there is only a level of the hierarchy
/// @param specialUse attributes of RFC 6154
/// @param asOf at the end of which day (UTC) it is meant, null for now
public record Folder(
    String name,
    @Nullable MailboxSummary mailbox,
    Set<String> specialUse,
    @Nullable LocalDate asOf) {

  public Folder {
    specialUse = Set.copyOf(specialUse);
  }

  /// One of now.
  Folder(String name, @Nullable MailboxSummary mailbox, Set<String> specialUse) {
    this(name, mailbox, specialUse, null);
  }
}
