package org.muniment.server.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// Finds messages that are new in a mailbox among what the archive has of the account, by the ids
/// that the source itself gives them: they need not be fetched. An id is believed when the archive
/// has one message of it, of that size and INTERNALDATE; a doubt costs a fetch.
final class OwnIds {

  private final AccountRun account;
  private final MailboxId mailbox;
  private final UidValidity uidValidity;

  OwnIds(AccountRun account, MailboxId mailbox, UidValidity uidValidity) {
    this.account = account;
    this.mailbox = mailbox;
    this.uidValidity = uidValidity;
  }

  /// A message that the archive has.
  record Found(Source.Identity identity, SourceProgress.Archived archived) {}

  /// Gives messages that are found their place in the mailbox; it is durable when this returns.
  ///
  /// @param session with the mailbox open
  /// @param missing UIDs that are in no placement
  /// @return those that are now
  UidRanges place(Source.Session session, UidRanges missing)
      throws IOException, AccountRun.StoppedException {
    UidRanges.Builder placed = new UidRanges.Builder();
    try {
      for (UidRanges chunk : missing.chunks(SourceProgress.MOST)) {
        for (Found found : found(session, chunk)) {
          place(found, placed);
        }
        account.commit();
        account.goOn();
      }
    } catch (SourceException e) {
      // What the source has trouble to identify can be fetched all the same.
      account.failed(e);
    }
    return placed.build();
  }

  private void place(Found found, UidRanges.Builder placed) throws IOException {
    Source.Identity identity = found.identity();
    Event.SourceUid source =
        new Event.SourceUid(uidValidity, identity.uid(), identity.ownId(), true);
    if (account.place(mailbox, source, found.archived(), identity.marks())) {
      placed.accept(identity.uid().value());
    }
  }

  /// The messages that the archive has, each UID once.
  ///
  /// @param uids at most [SourceProgress#MOST]
  List<Found> found(Source.Session session, UidRanges uids) throws SourceException, IOException {
    Map<Uid, Source.Identity> identities = new LinkedHashMap<>();
    if (session.givesOwnIds()) {
      session.identities(uids, identity -> identities.putIfAbsent(identity.uid(), identity));
    }
    return found(identities.values());
  }

  private List<Found> found(Collection<Source.Identity> identities) throws IOException {
    Map<Event.OwnId, SourceProgress.Archived> known = new HashMap<>();
    if (!identities.isEmpty()) {
      known.putAll(
          account
              .progress()
              .byOwnId(account.name(), identities.stream().map(Source.Identity::ownId).toList()));
    }
    List<Found> found = new ArrayList<>();
    for (Source.Identity identity : identities) {
      SourceProgress.Archived archived = known.get(identity.ownId());
      if (archived != null
          && archived.length() == identity.size()
          && archived.internalDate().equals(identity.internalDate())) {
        found.add(new Found(identity, archived));
      }
    }
    return found;
  }
}
