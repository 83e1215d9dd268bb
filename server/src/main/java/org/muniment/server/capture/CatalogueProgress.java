package org.muniment.server.capture;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.catalog.Deletions;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.OwnIds;
import org.muniment.indexer.catalog.Receipt;
import org.muniment.indexer.catalog.Sources;

/// The progress of capture as the catalogue knows it.
public record CatalogueProgress(Catalogue catalogue, CatalogueFollower follower)
    implements SourceProgress {

  @Override
  public void follow() throws IOException {
    asked(
        () -> {
          follower.catchUp();
          return true;
        });
  }

  @Override
  public List<KnownMailbox> mailboxes(AccountName account) throws IOException {
    return asked(
        () ->
            catalogue.mailboxes().of(account).stream()
                .map(
                    mailbox ->
                        new KnownMailbox(
                            mailbox.id(),
                            mailbox.name(),
                            mailbox.delimiter(),
                            mailbox.attributes(),
                            mailbox.subscribed(),
                            mailbox.objectId(),
                            mailbox.listed()))
                .toList());
  }

  @Override
  public Optional<MailboxId> mailboxOf(AccountName account, SourceText name) throws IOException {
    return asked(() -> catalogue.mailboxes().find(account, name).map(Mailbox::id));
  }

  @Override
  public Optional<Event.Poll> lastReceipt(AccountName account) throws IOException {
    return asked(
        () ->
            catalogue.receipts(account, Long.MAX_VALUE, 1).stream().findFirst().map(Receipt::poll));
  }

  @Override
  public UidRanges archived(MailboxId mailbox, UidValidity uidValidity) throws IOException {
    return asked(() -> catalogue.sources().archived(mailbox, uidValidity));
  }

  @Override
  public long placements(MailboxId mailbox, ContentId content) throws IOException {
    return asked(() -> catalogue.sources().placements(mailbox, content));
  }

  @Override
  public boolean isEmpty(MailboxId mailbox) throws IOException {
    return asked(() -> catalogue.sources().isEmpty(mailbox));
  }

  @Override
  public UidRanges there(MailboxId mailbox, UidValidity uidValidity) throws IOException {
    return asked(() -> catalogue.sources().there(mailbox, uidValidity));
  }

  @Override
  public boolean thereInOthers(MailboxId mailbox, UidValidity uidValidity) throws IOException {
    return asked(() -> catalogue.sources().thereInOthers(mailbox, uidValidity));
  }

  @Override
  public UidRanges thereInView(MailboxId mailbox) throws IOException {
    return asked(() -> catalogue.sources().thereInView(mailbox));
  }

  @Override
  public Collection<KnownMessage> known(
      MailboxId mailbox, UidValidity uidValidity, Collection<Uid> uids) throws IOException {
    return asked(
        () ->
            catalogue.sources().known(mailbox, uidValidity, uids).stream()
                .map(
                    known ->
                        new KnownMessage(known.source(), known.uid(), known.flags(), known.there()))
                .toList());
  }

  @Override
  public UidRanges uniqueIdsThere(MailboxId mailbox) throws IOException {
    return asked(() -> catalogue.sources().uniqueIdsThere(mailbox));
  }

  @Override
  public Collection<KnownUniqueId> uniqueIds(MailboxId mailbox, Collection<SourceText> uniqueIds)
      throws IOException {
    return asked(() -> known(catalogue.sources().uniqueIds(mailbox, uniqueIds)));
  }

  @Override
  public List<KnownUniqueId> uniqueIds(MailboxId mailbox, ContentId content) throws IOException {
    return asked(() -> known(catalogue.sources().uniqueIds(mailbox, content)));
  }

  private static List<KnownUniqueId> known(List<Sources.KnownUniqueId> placements) {
    return placements.stream()
        .map(known -> new KnownUniqueId(known.uniqueId(), known.uid(), known.there()))
        .toList();
  }

  @Override
  public Map<Uid, List<Elsewhere>> elsewhere(MailboxId mailbox, List<Uid> uids) throws IOException {
    Map<Uid, List<Elsewhere>> places = new HashMap<>();
    asked(() -> catalogue.sources().elsewhere(mailbox, uids))
        .forEach(
            (uid, others) ->
                places.put(
                    uid,
                    others.stream()
                        .map(other -> new Elsewhere(other.mailbox(), other.uid()))
                        .toList()));
    return places;
  }

  @Override
  public List<Alike> alike(
      MailboxId mailbox, UidValidity uidValidity, Collection<ContentId> headers)
      throws IOException {
    return asked(
        () ->
            catalogue.sources().alike(mailbox, uidValidity, headers).stream()
                .map(
                    alike ->
                        new Alike(
                            alike.uid(), alike.header(), alike.length(), alike.internalDate()))
                .toList());
  }

  @Override
  public Map<Event.OwnId, Archived> byOwnId(AccountName account, Collection<Event.OwnId> ids)
      throws IOException {
    return archived(asked(() -> catalogue.ownIds().find(account, ids)));
  }

  @Override
  public List<Other> others(
      MailboxId mailbox, UidValidity uidValidity, Collection<ContentId> contents)
      throws IOException {
    return asked(
        () ->
            catalogue.sources().others(mailbox, uidValidity, contents).stream()
                .map(other -> new Other(other.uid(), other.content()))
                .toList());
  }

  @Override
  public Map<Uid, Archived> contents(
      MailboxId mailbox, UidValidity uidValidity, Collection<Uid> uids) throws IOException {
    return archived(asked(() -> catalogue.sources().contents(mailbox, uidValidity, uids)));
  }

  private static <K> Map<K, Archived> archived(Map<K, OwnIds.Known> found) {
    Map<K, Archived> archived = new HashMap<>();
    found.forEach(
        (key, known) ->
            archived.put(key, new Archived(known.content(), known.length(), known.internalDate())));
    return archived;
  }

  @Override
  public List<Provisional> provisional(
      MailboxId mailbox, UidValidity uidValidity, long after, int limit) throws IOException {
    return asked(
        () ->
            catalogue.sources().provisional(mailbox, uidValidity, after, limit).stream()
                .map(found -> new Provisional(found.source(), found.uid(), found.content()))
                .toList());
  }

  @Override
  public long provisional(MailboxId mailbox) throws IOException {
    return asked(() -> catalogue.sources().provisional(mailbox));
  }

  @Override
  public Optional<ReceiptInLog> lastReceiptInLog(AccountName account) throws IOException {
    return asked(
        () ->
            catalogue.receipts(account, Long.MAX_VALUE, 1).stream()
                .findFirst()
                .map(receipt -> new ReceiptInLog(receipt.leaf(), receipt.poll())));
  }

  @Override
  public List<Deletable> deletable(MailboxId mailbox, DueForDeletion due, long after, int limit)
      throws IOException {
    Deletions.Due asked = new Deletions.Due(due.receipt(), due.old(), due.tried());
    return asked(() -> deletable(catalogue.deletions().due(mailbox, asked, after, limit)));
  }

  @Override
  public List<MailboxId> intended(AccountName account) throws IOException {
    return asked(() -> catalogue.deletions().intended(account));
  }

  @Override
  public List<Deletable> intended(MailboxId mailbox) throws IOException {
    return asked(() -> deletable(catalogue.deletions().intended(mailbox)));
  }

  private static List<Deletable> deletable(List<Deletions.Deletable> placements) {
    return placements.stream()
        .map(
            placement ->
                new Deletable(
                    placement.uid(),
                    placement.source(),
                    placement.content(),
                    placement.length(),
                    placement.internalDate(),
                    placement.flags(),
                    placement.intended()))
        .toList();
  }

  static <T> T asked(Question<T> question) throws IOException {
    try {
      return question.answer();
    } catch (RuntimeException e) {
      throw new IOException("the catalogue cannot be used: " + innermost(e).getMessage(), e);
    }
  }

  /// What the database said, below what its layers say of it.
  private static Throwable innermost(Throwable e) {
    Throwable inner = e;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  interface Question<T> {
    T answer() throws IOException;
  }
}
