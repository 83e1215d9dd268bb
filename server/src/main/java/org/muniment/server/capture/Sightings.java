package org.muniment.server.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;

/// What one run saw of the archived messages of an account, until it is recorded at its end: only
/// then is it known of a message that is gone whether its octets are elsewhere.
final class Sightings {

  /// Octets of flags that are held in memory, about: a server may give each message others.
  static final long MOST_HELD = 8 << 20;

  /// What it takes to hold a message, and a flag beside its octets.
  private static final int PER_MESSAGE = 16;

  private static final int PER_FLAG = 100;

  /// UIDs in one observation, each of which can be a range by itself.
  private static final int MOST_UIDS = 1_000_000;

  private final AccountName account;
  private final SourceProgress progress;
  private final Map<MailboxId, OfMailbox> mailboxes = new LinkedHashMap<>();
  private long held;

  Sightings(AccountName account, SourceProgress progress) {
    this.account = account;
    this.progress = progress;
  }

  /// What was seen of a mailbox.
  OfMailbox of(MailboxId mailbox) {
    return mailboxes.computeIfAbsent(mailbox, id -> new OfMailbox());
  }

  /// Takes note that a message has these flags now.
  ///
  /// @return what has to be recorded at once, because it is more than can be held; nothing mostly
  List<Event.Observed> flagged(MailboxId mailbox, Uid uid, Set<SourceText> now) {
    held += of(mailbox).flagged(uid, now);
    if (held <= MOST_HELD) {
      return List.of();
    }
    held = 0;
    List<Event.Observed> early = new ArrayList<>();
    mailboxes.forEach(
        (id, seen) -> {
          List<Event.FlagsOf> flags = seen.takeFlags();
          if (!flags.isEmpty()) {
            early.add(observed(id, UidRanges.EMPTY, UidRanges.EMPTY, UidRanges.EMPTY, flags));
          }
        });
    return early;
  }

  /// Octets that flags take in memory, about.
  static long weight(Set<SourceText> flags) {
    return flags.stream().mapToLong(flag -> PER_FLAG + 2L * flag.octets().length()).sum();
  }

  /// The observations, one for each mailbox of which there is something to say; more for one of
  /// which there is very much.
  List<Event.Observation> observations() throws IOException {
    if (mailboxes.values().stream().anyMatch(seen -> !seen.missed().isEmpty())) {
      // So that what was captured by this run counts as elsewhere.
      progress.follow();
    }
    List<Event.Observation> observations = new ArrayList<>();
    for (Map.Entry<MailboxId, OfMailbox> entry : mailboxes.entrySet()) {
      observe(entry.getKey(), entry.getValue(), observations);
    }
    return observations;
  }

  private void observe(MailboxId mailbox, OfMailbox seen, List<Event.Observation> to)
      throws IOException {
    seen.notMissed(deletedHere(mailbox, seen.missed(), to));
    UidRanges moved = moved(mailbox, seen.missed());
    Iterator<UidRanges> goneParts = parts(seen.missed().minus(moved));
    Iterator<UidRanges> movedParts = parts(moved);
    Iterator<UidRanges> backParts = parts(seen.back.build());
    Event.Observed next =
        observed(mailbox, next(goneParts), next(movedParts), next(backParts), seen.takeFlags());
    while (!next.isEmpty()) {
      to.add(next);
      next = observed(mailbox, next(goneParts), next(movedParts), next(backParts), List.of());
    }
  }

  /// What this program was about to delete when it was cut short, and what is missed now, is not
  /// what others have deleted.
  private UidRanges deletedHere(MailboxId mailbox, UidRanges missed, List<Event.Observation> to)
      throws IOException {
    if (missed.isEmpty()) {
      return UidRanges.EMPTY;
    }
    List<SourceProgress.Deletable> deleted =
        progress.intended(mailbox).stream().filter(one -> missed.contains(one.uid())).toList();
    List<Event.DeletedAtSource> events =
        DeletionEvents.of(account, mailbox, deleted, Event.Deletion.DELETED);
    to.addAll(events);
    UidRanges.Builder uids = new UidRanges.Builder();
    deleted.forEach(one -> uids.accept(one.uid().value()));
    return uids.build();
  }

  private static Iterator<UidRanges> parts(UidRanges uids) {
    return uids.chunks(MOST_UIDS).iterator();
  }

  private static UidRanges next(Iterator<UidRanges> parts) {
    return parts.hasNext() ? parts.next() : UidRanges.EMPTY;
  }

  private Event.Observed observed(
      MailboxId mailbox,
      UidRanges gone,
      UidRanges moved,
      UidRanges back,
      List<Event.FlagsOf> flags) {
    return new Event.Observed(account, mailbox, gone, moved, back, flags);
  }

  private UidRanges moved(MailboxId mailbox, UidRanges missed) throws IOException {
    UidRanges.Builder moved = new UidRanges.Builder();
    for (UidRanges chunk : missed.chunks(SourceProgress.MOST)) {
      List<Uid> uids = new ArrayList<>();
      chunk.forEach(uid -> uids.add(new Uid(uid)));
      progress
          .elsewhere(mailbox, uids)
          .forEach(
              (uid, places) -> {
                if (places.stream().anyMatch(this::isThere)) {
                  moved.accept(uid.value());
                }
              });
    }
    return moved.build();
  }

  private boolean isThere(SourceProgress.Elsewhere place) {
    OfMailbox seen = mailboxes.get(place.mailbox());
    return seen == null || !seen.missed().contains(place.uid());
  }

  /// What was seen of a mailbox. All UIDs are those of the view.
  static final class OfMailbox {
    private final Map<Set<SourceText>, UidRanges.Builder> flags = new HashMap<>();
    private final BitSet flagged = new BitSet();
    private final UidRanges.Builder back = new UidRanges.Builder();
    private UidRanges missed = UidRanges.EMPTY;

    UidRanges missed() {
      return missed;
    }

    /// Of these it need not be said, whatever was said before.
    private void notMissed(UidRanges uids) {
      missed = uids.isEmpty() ? missed : missed.minus(uids);
    }

    /// These are not there any more, beside those of which that was said before.
    void missed(UidRanges uids) {
      missed = missed.or(uids);
    }

    /// This one is there again.
    void back(Uid uid) {
      back.accept(uid.value());
    }

    /// This one has these flags now. What a server says of a message for the second time in a run
    /// is left to the next run, because one observation names a message once.
    ///
    /// @return octets that are held more, about
    private long flagged(Uid uid, Set<SourceText> now) {
      if (uid.value() > Integer.MAX_VALUE || flagged.get((int) uid.value())) {
        return 0;
      }
      flagged.set((int) uid.value());
      long more = PER_MESSAGE + (flags.containsKey(now) ? 0 : weight(now));
      flags.computeIfAbsent(now, set -> new UidRanges.Builder()).accept(uid.value());
      return more;
    }

    private List<Event.FlagsOf> takeFlags() {
      List<Event.FlagsOf> taken =
          flags.entrySet().stream()
              .map(entry -> new Event.FlagsOf(entry.getKey(), entry.getValue().build()))
              .toList();
      flags.clear();
      return taken;
    }
  }
}
