package org.muniment.server.capture;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Reread;
import org.muniment.archive.content.HeaderDigest;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.DeleteAtSource;

/// Chooses what a run may delete at the source, and reads each message of it from the archive once
/// more. One that is not there as it was archived ends it all.
final class DeletionPlan {

  /// Messages, and octets of them, of one run; the next goes on from there.
  static final int MOST_MESSAGES = 20_000;

  private static final long MOST_OCTETS = 4L << 30;

  private static final int PAGE = 500;

  /// How long after a source has not done it a message is tried again.
  private static final Duration PAUSE = Duration.ofDays(1);

  /// Mail that its owner wants to see there, in lower case (RFC 9051 section 2.3.2).
  static final String FLAGGED = "\\flagged";

  /// What others have marked is theirs to expunge, or to take back.
  static final String DELETED = "\\deleted";

  private final AccountConfig account;
  private final DeleteAtSource policy;
  private final SourceProgress.ReceiptInLog earlier;
  private final Reread archive;
  private final SourceProgress progress;
  private final DeletionLog log;
  private final List<OfMailbox> mailboxes = new ArrayList<>();
  private int messages;
  private long octets;

  /// @param earlier the receipt that stood in the log before the run began
  /// @param archive made for this plan
  DeletionPlan(
      AccountConfig account,
      DeleteAtSource policy,
      SourceProgress.ReceiptInLog earlier,
      Reread archive,
      SourceProgress progress,
      DeletionLog log) {
    this.account = account;
    this.policy = policy;
    this.earlier = earlier;
    this.archive = archive;
    this.progress = progress;
    this.log = log;
  }

  /// What of one mailbox is to be deleted.
  ///
  /// @param uidValidity the generation of UIDs in which it is known, 0 for a POP3 server
  /// @param messages read from the archive just now
  /// @param spared messages that the source may have been told to delete, and that are not to be
  record OfMailbox(
      MailboxId id,
      SourceText name,
      UidValidity uidValidity,
      List<Verified> messages,
      List<SourceProgress.Deletable> spared) {
    OfMailbox {
      messages = List.copyOf(messages);
      spared = List.copyOf(spared);
    }

    private boolean isEmpty() {
      return messages.isEmpty() && spared.isEmpty();
    }
  }

  /// A message whose octets in the archive are those that were captured.
  ///
  /// @param header SHA-256 of their header with the empty line
  record Verified(SourceProgress.Deletable placement, ContentId header) {}

  /// A message is not in the archive as it was captured.
  static final class UnverifiedException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnverifiedException(ContentId message, IOException cause) {
      super("message %s: %s".formatted(message, cause.getMessage()), cause);
    }
  }

  /// The mailboxes in which something is to be done.
  ///
  /// @param run the receipt of the run that goes on
  List<OfMailbox> of(Event.Poll run, Instant now)
      throws IOException, UnverifiedException, AccountRun.StoppedException {
    Map<MailboxId, SourceProgress.KnownMailbox> known = new HashMap<>();
    progress.mailboxes(account.name()).forEach(mailbox -> known.put(mailbox.id(), mailbox));
    for (Event.MailboxReceipt receipt : run.mailboxes()) {
      SourceProgress.KnownMailbox mailbox = known.get(receipt.mailbox());
      if (mailbox != null && receipt.failure().octets().isEmpty()) {
        choose(mailbox, receipt.source().uidValidity(), now);
      }
    }
    return mailboxes;
  }

  private void choose(SourceProgress.KnownMailbox mailbox, UidValidity uidValidity, Instant now)
      throws IOException, UnverifiedException, AccountRun.StoppedException {
    List<Verified> chosen =
        isAllowed(mailbox) && wasCaptured(mailbox.id(), uidValidity)
            ? verified(mailbox.id(), uidValidity, now)
            : List.of();
    Set<SourceProgress.Deletable> placements = new HashSet<>();
    chosen.forEach(message -> placements.add(message.placement()));
    List<SourceProgress.Deletable> spared =
        progress.intended(mailbox.id()).stream()
            .filter(message -> !placements.contains(message))
            .toList();
    OfMailbox plan = new OfMailbox(mailbox.id(), mailbox.name(), uidValidity, chosen, spared);
    if (!plan.isEmpty()) {
      mailboxes.add(plan);
    }
  }

  private boolean isAllowed(SourceProgress.KnownMailbox mailbox) {
    return mailbox.listed()
        && new FolderFilter(policy.folders())
            .excludes(
                new Source.Mailbox(
                    mailbox.name(),
                    mailbox.delimiter(),
                    mailbox.attributes(),
                    mailbox.subscribed(),
                    mailbox.objectId(),
                    null))
            .isEmpty();
  }

  /// Whether a run before this one came to its end with the mailbox as it is now.
  private boolean wasCaptured(MailboxId mailbox, UidValidity uidValidity) {
    return earlier.poll().mailboxes().stream()
        .anyMatch(
            receipt ->
                receipt.mailbox().equals(mailbox)
                    && receipt.source().uidValidity().equals(uidValidity)
                    && receipt.failure().octets().isEmpty());
  }

  private List<Verified> verified(MailboxId mailbox, UidValidity uidValidity, Instant now)
      throws IOException, UnverifiedException, AccountRun.StoppedException {
    SourceProgress.DueForDeletion due =
        new SourceProgress.DueForDeletion(
            earlier.leaf(), now.minus(policy.after()), now.minus(PAUSE));
    List<Verified> chosen = new ArrayList<>();
    long after = 0;
    List<SourceProgress.Deletable> page = progress.deletable(mailbox, due, after, PAGE);
    while (!page.isEmpty()) {
      for (SourceProgress.Deletable message : page) {
        if (messages >= MOST_MESSAGES || octets >= MOST_OCTETS) {
          return chosen;
        }
        if (isOf(uidValidity, message.source()) && !isMarked(message.flags(), message)) {
          chosen.add(read(message));
        }
      }
      after = page.getLast().uid().value();
      page = progress.deletable(mailbox, due, after, PAGE);
    }
    return chosen;
  }

  private static boolean isOf(UidValidity generation, Event.SourceId source) {
    return switch (source) {
      case Event.SourceUid uid -> generation.value() != 0 && uid.uidValidity().equals(generation);
      // With a space it is no unique-id, but what a message without one was called.
      case Event.Uidl uidl -> generation.value() == 0 && uidl.uniqueId().octets().indexOf(' ') < 0;
      case Event.ImportedFrom _ -> false;
    };
  }

  /// Whether a message is to stay for a flag it has. A mark to delete is no reason where this
  /// program may have set it.
  static boolean isMarked(Set<SourceText> flags, SourceProgress.Deletable message) {
    return flags.stream()
        .map(flag -> flag.octets().toLowerCase(Locale.ROOT))
        .anyMatch(flag -> flag.equals(FLAGGED) || (flag.equals(DELETED) && !message.intended()));
  }

  private Verified read(SourceProgress.Deletable message)
      throws UnverifiedException, AccountRun.StoppedException {
    log.goOn();
    messages++;
    octets += message.length();
    try (InputStream stored = archive.open(message.content())) {
      HeaderDigest header = new HeaderDigest(stored);
      ContentId found = ContentId.sha256(header);
      if (!found.equals(message.content())) {
        throw new IOException("octets with the SHA-256 " + found);
      }
      return new Verified(message, ContentId.of(header.digest()));
    } catch (IOException e) {
      throw new UnverifiedException(message.content(), e);
    }
  }

  /// Whether the source shows what is archived, as far as it can be seen from outside.
  static boolean isSame(
      Verified message, long size, @Nullable Instant internalDate, ContentId header) {
    return size == message.placement().length()
        && message.placement().internalDate().equals(internalDate)
        && header.equals(message.header());
  }
}
