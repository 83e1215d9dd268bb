package org.muniment.server.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.SourceProgress.KnownMailbox;
import org.muniment.server.capture.source.Source;

/// Which mailbox of the archive is which of the source: the one with the same MAILBOXID (RFC 8474),
/// else the one with the same name. Records what has changed of them.
///
/// A label that the source lists no mailbox for has a mailbox of the archive, too, which is marked
/// by an attribute: never the one that the source lists under the same name at another time,
/// because the UIDs in it are those of the mailbox where the label was read.
final class AccountMailboxes {

  /// Labels with a mailbox of their own, as many as Gmail lets an account have.
  static final int MAX_LABELS = 10_000;

  /// Marks the mailbox of a label.
  private static final Set<String> LABEL = Set.of("\\Label");

  private final Intake intake;
  private final Map<String, KnownMailbox> byObjectId = new HashMap<>();
  private final Map<String, KnownMailbox> byName = new HashMap<>();
  private final Map<String, KnownMailbox> labels = new HashMap<>();
  private final Map<MailboxId, KnownMailbox> unseen = new HashMap<>();
  private boolean changed;

  AccountMailboxes(Intake intake) throws IOException {
    this.intake = intake;
    for (KnownMailbox known : intake.progress().mailboxes(intake.account())) {
      unseen.put(known.id(), known);
      if (known.attributes().equals(LABEL)) {
        labels.put(known.name().octets(), known);
        continue;
      }
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

  /// The labels that were known before are not given up, but for those that are listed now as
  /// mailboxes. To be called when the source lists a mailbox that tells of labels.
  void keepLabels(List<Source.Mailbox> listed) {
    Set<String> names =
        listed.stream().map(mailbox -> mailbox.name().octets()).collect(Collectors.toSet());
    labels.forEach(
        (name, label) -> {
          if (!names.contains(name)) {
            unseen.remove(label.id());
          }
        });
  }

  /// The mailboxes of the labels that messages had when they were last observed, or could have had.
  List<KnownMailbox> labels() {
    return labels.values().stream().filter(KnownMailbox::listed).toList();
  }

  /// The mailbox of a label; a new one when there is none, and empty when there are too many.
  Optional<MailboxId> label(SourceText name, String delimiter) throws IOException {
    KnownMailbox known = labels.get(name.octets());
    if (known == null && labels.size() >= MAX_LABELS) {
      return Optional.empty();
    }
    MailboxId id = known == null ? intake.createMailbox(name, delimiter, LABEL) : known.id();
    KnownMailbox now = new KnownMailbox(id, name, delimiter, LABEL, false, "", true);
    if (!now.equals(known)) {
      record(now);
      labels.put(name.octets(), now);
    }
    return Optional.of(id);
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
    return intake.createMailbox(mailbox.name(), mailbox.delimiter(), mailbox.attributes());
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
    intake.record(
        new Event.MailboxObserved(
            intake.account(),
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
