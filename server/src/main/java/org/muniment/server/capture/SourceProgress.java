package org.muniment.server.capture;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;

/// What the log says about how far each source is captured. The catalogue answers it.
public interface SourceProgress {

  /// Returns when everything that is durable in the log shows in the answers below.
  ///
  /// @throws IOException when that cannot be reached; nothing may be captured then
  void follow() throws IOException;

  /// All mailboxes of the account.
  List<KnownMailbox> mailboxes(AccountName account) throws IOException;

  /// The mailbox that the account has under this name.
  ///
  /// @param name compared by its octets
  Optional<MailboxId> mailboxOf(AccountName account, SourceText name) throws IOException;

  /// The newest completeness receipt of the account.
  Optional<Event.Poll> lastReceipt(AccountName account) throws IOException;

  /// The UIDs of this generation of the mailbox at the source that were ever archived.
  UidRanges archived(MailboxId mailbox, UidValidity uidValidity) throws IOException;

  /// Whether the mailbox never had a message of an IMAP server.
  boolean isEmpty(MailboxId mailbox) throws IOException;

  /// Those of them that were not missed at the source.
  UidRanges there(MailboxId mailbox, UidValidity uidValidity) throws IOException;

  /// Whether anything of another generation was not missed in the mailbox.
  boolean thereInOthers(MailboxId mailbox, UidValidity uidValidity) throws IOException;

  /// The UIDs of the view of all messages that were not missed in the mailbox, in whatever
  /// generation.
  UidRanges thereInView(MailboxId mailbox) throws IOException;

  /// What is known of messages by their UIDs at the source; nothing of those not archived.
  ///
  /// @param uids at most [#MOST]
  Collection<KnownMessage> known(MailboxId mailbox, UidValidity uidValidity, Collection<Uid> uids)
      throws IOException;

  /// The UIDs of the view of messages by their UIDs at the source.
  default UidRanges inView(MailboxId mailbox, UidValidity uidValidity, UidRanges atSource)
      throws IOException {
    UidRanges.Builder view = new UidRanges.Builder();
    for (UidRanges chunk : atSource.chunks(MOST)) {
      List<Uid> uids = new ArrayList<>();
      chunk.forEach(uid -> uids.add(new Uid(uid)));
      known(mailbox, uidValidity, uids).forEach(message -> view.accept(message.uid().value()));
    }
    return view.build();
  }

  /// The UIDs of the view of all messages of a POP3 server that were not missed in the mailbox.
  UidRanges uniqueIdsThere(MailboxId mailbox) throws IOException;

  /// What is known of messages by their unique-ids at a POP3 server; nothing of those not archived.
  ///
  /// @param uniqueIds at most [#MOST]
  Collection<KnownUniqueId> uniqueIds(MailboxId mailbox, Collection<SourceText> uniqueIds)
      throws IOException;

  /// What is known of messages of a POP3 server by their octets, in the order of the view.
  List<KnownUniqueId> uniqueIds(MailboxId mailbox, ContentId content) throws IOException;

  /// Where else in the account the octets of messages are, as far as they were not missed there.
  ///
  /// @param uids of the view, at most [#MOST]
  /// @return by UID of the view; nothing for those that are nowhere else
  Map<Uid, List<Elsewhere>> elsewhere(MailboxId mailbox, List<Uid> uids) throws IOException;

  /// How often these octets were ever placed in the mailbox, from whatever source.
  long placements(MailboxId mailbox, ContentId content) throws IOException;

  /// The messages of a mailbox that are not in a generation, or were missed in it, and whose header
  /// is one of some, in the order of the view.
  ///
  /// @param headers SHA-256 of headers with their empty lines, at most [#MOST]
  List<Alike> alike(MailboxId mailbox, UidValidity uidValidity, Collection<ContentId> headers)
      throws IOException;

  /// The messages of an account that its source knows by some ids of its own. An id that it gave to
  /// different octets is not among them.
  ///
  /// @param ids at most [#MOST]
  Map<Event.OwnId, Archived> byOwnId(AccountName account, Collection<Event.OwnId> ids)
      throws IOException;

  /// The messages of a mailbox that are not in a generation, or were missed in it, and whose octets
  /// are some, in the order of the view.
  ///
  /// @param contents at most [#MOST]
  List<Other> others(MailboxId mailbox, UidValidity uidValidity, Collection<ContentId> contents)
      throws IOException;

  /// What the archive has of messages by their UIDs at the source; nothing of those whose octets
  /// have still to be compared.
  ///
  /// @param uids at most [#MOST]
  Map<Uid, Archived> contents(MailboxId mailbox, UidValidity uidValidity, Collection<Uid> uids)
      throws IOException;

  /// Messages that were matched and whose octets have still to be compared, by UID at the source.
  ///
  /// @param after UID at the source after which to begin, 0 for all
  List<Provisional> provisional(MailboxId mailbox, UidValidity uidValidity, long after, int limit)
      throws IOException;

  /// Number of messages of a mailbox whose octets have still to be compared.
  long provisional(MailboxId mailbox) throws IOException;

  /// The newest completeness receipt of the account, and where it stands in the log.
  Optional<ReceiptInLog> lastReceiptInLog(AccountName account) throws IOException;

  /// Mail of a mailbox that can be deleted at the source, in the order of the view.
  ///
  /// @param after UID of the view after which to begin, 0 for all
  List<Deletable> deletable(MailboxId mailbox, DueForDeletion due, long after, int limit)
      throws IOException;

  /// The mailboxes of an account with mail that may have been deleted at the source and was not
  /// missed there yet; none mostly.
  List<MailboxId> intended(AccountName account) throws IOException;

  /// Such mail of a mailbox.
  List<Deletable> intended(MailboxId mailbox) throws IOException;

  /// UIDs in one question.
  int MOST = 500;

  /// What a message looks like from outside.
  ///
  /// @param uid of the view
  /// @param header SHA-256 of the header with the empty line
  record Alike(Uid uid, ContentId header, long length, Instant internalDate) {}

  /// Octets in the archive.
  ///
  /// @param internalDate INTERNALDATE at the source
  record Archived(ContentId content, long length, Instant internalDate) {}

  /// A message in another generation of a mailbox, or one that was missed.
  ///
  /// @param uid of the view
  record Other(Uid uid, ContentId content) {}

  /// A message that was matched without its octets.
  ///
  /// @param source UID at the source
  /// @param uid of the view
  /// @param content what it is taken for
  record Provisional(Uid source, Uid uid, ContentId content) {}

  /// A receipt in the log.
  ///
  /// @param leaf index of its entry
  record ReceiptInLog(long leaf, Event.Poll poll) {}

  /// The mail that is asked for.
  ///
  /// @param receipt placed before this leaf of the log
  /// @param old archived, and by INTERNALDATE, not after this
  /// @param tried not kept by the source after this
  record DueForDeletion(long receipt, Instant old, Instant tried) {}

  /// A message that is in the archive and at its source.
  ///
  /// @param uid of the view
  /// @param source what the source knows it by now
  /// @param flags as last observed
  /// @param intended whether the source may have been told already to delete it
  record Deletable(
      Uid uid,
      Event.SourceId source,
      ContentId content,
      long length,
      Instant internalDate,
      Set<SourceText> flags,
      boolean intended) {
    public Deletable {
      flags = Set.copyOf(flags);
    }
  }

  /// A mailbox as it was last observed.
  ///
  /// @param listed whether the source listed it; false for one that no source ever did
  record KnownMailbox(
      MailboxId id,
      SourceText name,
      String delimiter,
      Set<String> attributes,
      boolean subscribed,
      String objectId,
      boolean listed) {
    public KnownMailbox {
      attributes = Set.copyOf(attributes);
    }
  }

  /// A message as it was last observed.
  ///
  /// @param source UID at the source
  /// @param uid of the view
  /// @param there whether it was not missed at the source
  record KnownMessage(Uid source, Uid uid, Set<SourceText> flags, boolean there) {
    public KnownMessage {
      flags = Set.copyOf(flags);
    }
  }

  /// A message of a POP3 server.
  ///
  /// @param uid of the view
  /// @param there whether it was not missed at the source
  record KnownUniqueId(SourceText uniqueId, Uid uid, boolean there) {}

  /// Another place of the same octets.
  ///
  /// @param uid of the view
  record Elsewhere(MailboxId mailbox, Uid uid) {}
}
