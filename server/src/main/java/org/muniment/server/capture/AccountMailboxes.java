package org.muniment.server.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.capture.SourceProgress.KnownMailbox;
import org.muniment.server.capture.source.Source;

/// Which mailbox of the archive is which of the source: the one with the same MAILBOXID (RFC 8474),
/// else the one with the same name. Records what has changed of them.
final class AccountMailboxes {

  private final AccountName account;
  private final ArchiveWriter archive;
  private final Map<String, KnownMailbox> byObjectId = new HashMap<>();
  private final Map<String, KnownMailbox> byName = new HashMap<>();
  private final Map<MailboxId, KnownMailbox> unseen = new HashMap<>();
  private boolean changed;

  AccountMailboxes(AccountName account, ArchiveWriter archive, SourceProgress progress)
      throws IOException {
    this.account = account;
    this.archive = archive;
    for (KnownMailbox known : progress.mailboxes(account)) {
      unseen.put(known.id(), known);
      byName.merge(known.name().octets(), known, (one, other) -> one.listed() ? one : other);
      if (!known.objectId().isEmpty()) {
        byObjectId.merge(known.objectId(), known, (one, other) -> one.listed() ? one : other);
      }
    }
  }

  /// Whether anything was recorded.
  boolean changed() {
    return changed;
  }

  /// The mailbox of the archive; a new one when there is none.
  MailboxId identify(Source.Mailbox mailbox) throws IOException {
    KnownMailbox known = find(mailbox);
    MailboxId id = known == null ? create(mailbox) : known.id();
    unseen.remove(id);
    KnownMailbox now = known(id, mailbox);
    if (!now.equals(known)) {
      record(now);
    }
    return id;
  }

  /// Takes note that the source lists a mailbox that is not captured.
  void pass(Source.Mailbox mailbox) throws IOException {
    KnownMailbox known = find(mailbox);
    if (known != null && known.listed()) {
      identify(mailbox);
    }
  }

  private @Nullable KnownMailbox find(Source.Mailbox mailbox) {
    KnownMailbox named = unseen(byName.get(mailbox.name().octets()));
    if (mailbox.objectId().isEmpty()
        || (named != null && named.objectId().equals(mailbox.objectId()))) {
      return named;
    }
    KnownMailbox same = unseen(byObjectId.get(mailbox.objectId()));
    if (same != null) {
      return same;
    }
    // One with another MAILBOXID is another, which had the name before.
    return named != null && named.objectId().isEmpty() ? named : null;
  }

  private @Nullable KnownMailbox unseen(@Nullable KnownMailbox known) {
    return known == null ? null : unseen.get(known.id());
  }

  private MailboxId create(Source.Mailbox mailbox) throws IOException {
    return archive
        .createMailbox(account, mailbox.name(), mailbox.delimiter(), mailbox.attributes())
        .id();
  }

  private static KnownMailbox known(MailboxId id, Source.Mailbox mailbox) {
    return new KnownMailbox(
        id,
        mailbox.name(),
        mailbox.delimiter(),
        mailbox.attributes(),
        mailbox.subscribed(),
        mailbox.objectId(),
        true);
  }

  /// Records those that the source listed once and does not list any more. To be called when all
  /// that it lists were seen.
  List<MailboxId> unlisted() throws IOException {
    List<MailboxId> gone = new ArrayList<>();
    for (KnownMailbox known : List.copyOf(unseen.values())) {
      if (known.listed()) {
        record(
            new KnownMailbox(
                known.id(),
                known.name(),
                known.delimiter(),
                known.attributes(),
                known.subscribed(),
                known.objectId(),
                false));
        gone.add(known.id());
      }
    }
    return gone;
  }

  private void record(KnownMailbox now) throws IOException {
    archive.append(
        new Event.MailboxObserved(
            account,
            now.id(),
            now.name(),
            now.delimiter(),
            now.attributes(),
            now.subscribed(),
            now.objectId(),
            now.listed()));
    changed = true;
  }
}
