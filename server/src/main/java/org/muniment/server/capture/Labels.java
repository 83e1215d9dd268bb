package org.muniment.server.capture;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// The labels of messages that the source lists no mailbox for: Gmail lets its users hide them from
/// IMAP. Each is a mailbox of the archive. A message in it has the UIDVALIDITY and the UID of the
/// mailbox that has every message, where its labels are read.
final class Labels {

  /// Labels that are looked up once in a run.
  private static final int MOST_REMEMBERED = 20_000;

  private final AccountRun account;
  private final AccountMailboxes mailboxes;
  private final FolderFilter filter;
  private final Source.Mailbox all;
  private final MailboxId allId;
  private final Set<String> listed;
  private final Map<SourceText, Optional<MailboxId>> hidden = new HashMap<>();
  private final Map<MailboxId, Rematch> rematches = new HashMap<>();
  private boolean tooMany;

  /// @param all the mailbox that has every message
  /// @param listed all mailboxes that the source lists
  Labels(
      AccountRun account,
      AccountMailboxes mailboxes,
      FolderFilter filter,
      Source.Mailbox all,
      MailboxId allId,
      List<Source.Mailbox> listed) {
    this.account = account;
    this.mailboxes = mailboxes;
    this.filter = filter;
    this.all = all;
    this.allId = allId;
    this.listed =
        listed.stream().map(mailbox -> mailbox.name().octets()).collect(Collectors.toSet());
  }

  /// Whether they are read in a mailbox.
  boolean areOf(MailboxId mailbox) {
    return allId.equals(mailbox);
  }

  /// Appends the places that a message that is new has by its labels.
  ///
  /// @param uid its place in the mailbox that has every message
  void place(Event.SourceUid uid, SourceProgress.Archived message, Source.Marks marks)
      throws IOException {
    Event.SourceUid source = new Event.SourceUid(uid.uidValidity(), uid.uid(), uid.ownId(), true);
    for (MailboxId mailbox : mailboxes(marks)) {
      account.place(mailbox, source, message, marks);
    }
  }

  private Set<MailboxId> mailboxes(Source.Marks marks) throws IOException {
    Set<MailboxId> found = new HashSet<>();
    for (SourceText label : marks.labels()) {
      mailbox(label).ifPresent(found::add);
    }
    return found;
  }

  private Optional<MailboxId> mailbox(SourceText label) throws IOException {
    Optional<MailboxId> known = hidden.get(label);
    if (known == null) {
      known = find(label);
      if (hidden.size() < MOST_REMEMBERED) {
        hidden.put(label, known);
      }
    }
    return known;
  }

  /// Empty for one that has a mailbox at the source, or that a rule leaves out.
  private Optional<MailboxId> find(SourceText label) throws IOException {
    if (listed.contains(label.octets()) || isExcluded(label)) {
      return Optional.empty();
    }
    Optional<MailboxId> mailbox = mailboxes.label(label, all.delimiter());
    tooMany |= mailbox.isEmpty();
    return mailbox;
  }

  private boolean isExcluded(SourceText label) {
    return filter
        .excludes(new Source.Mailbox(label, all.delimiter(), Set.of(), false, "", null))
        .isPresent();
  }

  /// The mailboxes of the labels that were seen before.
  private List<MailboxId> known() {
    return mailboxes.labels().stream()
        .filter(label -> !isExcluded(label.name()))
        .map(SourceProgress.KnownMailbox::id)
        .toList();
  }

  /// Compares the labels of messages with those that were last observed.
  ///
  /// @param uidValidity of the mailbox that has every message
  /// @param seen by UID there, at most [SourceProgress#MOST]
  void observe(UidValidity uidValidity, Map<Uid, Source.Marks> seen) throws IOException {
    Map<MailboxId, Map<Uid, Source.Marks>> labelled = new HashMap<>();
    known().forEach(mailbox -> labelled.put(mailbox, new HashMap<>()));
    for (Map.Entry<Uid, Source.Marks> message : seen.entrySet()) {
      for (MailboxId mailbox : mailboxes(message.getValue())) {
        labelled
            .computeIfAbsent(mailbox, id -> new HashMap<>())
            .put(message.getKey(), message.getValue());
      }
    }
    for (Map.Entry<MailboxId, Map<Uid, Source.Marks>> label : labelled.entrySet()) {
      observe(label.getKey(), uidValidity, seen, label.getValue());
    }
  }

  private void observe(
      MailboxId mailbox,
      UidValidity uidValidity,
      Map<Uid, Source.Marks> seen,
      Map<Uid, Source.Marks> labelled)
      throws IOException {
    UidRanges.Builder missed = new UidRanges.Builder();
    for (SourceProgress.KnownMessage known :
        account.progress().known(mailbox, uidValidity, seen.keySet())) {
      Source.Marks now = labelled.remove(known.source());
      if (now == null && known.there()) {
        missed.accept(known.uid().value());
      } else if (now != null && !known.there()) {
        account.sightings(mailbox).back(known.uid());
      }
      if (now != null && !now.flags().equals(known.flags())) {
        account.flagged(mailbox, known.uid(), now.flags());
      }
    }
    account.sightings(mailbox).missed(missed.build());
    if (!labelled.isEmpty()) {
      add(mailbox, uidValidity, labelled);
    }
  }

  /// Messages that were archived before they had the label.
  private void add(MailboxId mailbox, UidValidity uidValidity, Map<Uid, Source.Marks> labelled)
      throws IOException {
    Map<Uid, SourceProgress.Archived> archived =
        account.progress().contents(allId, uidValidity, labelled.keySet());
    Map<Uid, ContentId> contents = new HashMap<>();
    archived.forEach((uid, message) -> contents.put(uid, message.content()));
    UidRanges matched =
        rematches
            .computeIfAbsent(mailbox, id -> new Rematch(account, id, uidValidity))
            .match(contents);
    for (Map.Entry<Uid, SourceProgress.Archived> message : archived.entrySet()) {
      Source.Marks marks = labelled.get(message.getKey());
      if (marks != null && !matched.contains(message.getKey())) {
        account.place(
            mailbox,
            new Event.SourceUid(uidValidity, message.getKey(), null, true),
            message.getValue(),
            marks);
      }
    }
  }

  /// Messages that are gone from the mailbox that has every message have their labels no more.
  ///
  /// @param now UIDs that are there
  /// @param whole whether all of them are archived
  /// @throws SourceException when there are more labels than can be kept
  void end(UidValidity uidValidity, UidRanges now, boolean whole)
      throws SourceException, IOException {
    List<MailboxId> labels = known();
    if (!labels.isEmpty()) {
      account.commit();
      account.progress().follow();
    }
    for (MailboxId mailbox : labels) {
      UidRanges there = account.progress().there(mailbox, uidValidity);
      account
          .sightings(mailbox)
          .missed(account.progress().inView(mailbox, uidValidity, there.minus(now)));
      if (whole && account.progress().thereInOthers(mailbox, uidValidity)) {
        UidRanges kept = account.progress().inView(mailbox, uidValidity, there);
        account.sightings(mailbox).missed(account.progress().thereInView(mailbox).minus(kept));
      }
    }
    if (tooMany) {
      throw SourceException.refused(
          SourceText.of("more than %,d labels".formatted(AccountMailboxes.MAX_LABELS)), null);
    }
  }
}
