package org.muniment.server.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
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

  private final AccountName account;
  private final SourceProgress progress;
  private final Map<MailboxId, OfMailbox> mailboxes = new LinkedHashMap<>();

  Sightings(AccountName account, SourceProgress progress) {
    this.account = account;
    this.progress = progress;
  }

  /// What was seen of a mailbox.
  OfMailbox of(MailboxId mailbox) {
    return mailboxes.computeIfAbsent(mailbox, id -> new OfMailbox());
  }

  /// The observations, one for each mailbox of which there is something to say.
  List<Event.Observed> observations() throws IOException {
    if (mailboxes.values().stream().anyMatch(seen -> !seen.missed().isEmpty())) {
      // So that what was captured by this run counts as elsewhere.
      progress.follow();
    }
    List<Event.Observed> observations = new ArrayList<>();
    for (Map.Entry<MailboxId, OfMailbox> entry : mailboxes.entrySet()) {
      Event.Observed observed = observation(entry.getKey(), entry.getValue());
      if (!observed.isEmpty()) {
        observations.add(observed);
      }
    }
    return observations;
  }

  private Event.Observed observation(MailboxId mailbox, OfMailbox seen) throws IOException {
    UidRanges missed = seen.missed();
    UidRanges moved = moved(mailbox, missed);
    return new Event.Observed(
        account, mailbox, missed.minus(moved), moved, seen.back.build(), seen.flags());
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
    private final UidRanges.Builder back = new UidRanges.Builder();
    private UidRanges missed = UidRanges.EMPTY;

    UidRanges missed() {
      return missed;
    }

    /// These are not there any more.
    void missed(UidRanges uids) {
      missed = uids;
    }

    /// This one is there again.
    void back(Uid uid) {
      back.accept(uid.value());
    }

    /// This one has these flags now.
    void flagged(Uid uid, Set<SourceText> now) {
      flags.computeIfAbsent(now, set -> new UidRanges.Builder()).accept(uid.value());
    }

    private List<Event.FlagsOf> flags() {
      return flags.entrySet().stream()
          .map(entry -> new Event.FlagsOf(entry.getKey(), entry.getValue().build()))
          .toList();
    }
  }
}
