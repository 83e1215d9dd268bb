package org.muniment.server.capture;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// One mailbox in one run. What the source lists and the archive does not have is fetched in
/// chunks; what a chunk did not give is fetched one by one, so that a message that the source
/// cannot give costs no other. Of what the archive has, it is seen whether it is still there and
/// with which flags.
///
/// A source that keeps a MODSEQ (RFC 7162) is asked for what has changed since; once a day for
/// everything all the same.
final class MailboxRun {

  /// Messages per FETCH command and per commit.
  static final int CHUNK = 250;

  /// With more failures than this the mailbox as a whole has failed.
  private static final int MAX_FAILED = 1_000;

  /// How long a source is believed what it says has changed.
  static final Duration RECONCILED_AFTER = Duration.ofDays(1);

  private static final SourceText NOT_SENT = SourceText.of("listed by the server, but not sent");

  private final AccountRun account;
  private final Source.Mailbox mailbox;
  private final MailboxId id;
  private final Event.@Nullable MailboxReceipt before;
  private final @Nullable Labels labels;

  private Source.State state;
  private long uidNextAfter;
  private long observedUpTo;
  private @Nullable Instant reconciled;
  private UidRanges listed = UidRanges.EMPTY;
  private UidRanges missing = UidRanges.EMPTY;
  private SourceText failure = AccountRun.STOPPED;
  private Event.@Nullable MailboxReceipt unchanged;
  private long added;
  private long provisional;
  private long vanished;
  private final Map<Uid, Event.FailedMessage> failedBefore = new HashMap<>();
  private final List<Event.FailedMessage> failed = new ArrayList<>();

  /// The session that has this mailbox open.
  private Source.@Nullable Session examined;

  /// @param before what the receipt before says of the mailbox, null when it says nothing
  /// @param labels of the messages in it, null where the mailbox does not tell them
  MailboxRun(
      AccountRun account,
      Source.Mailbox mailbox,
      MailboxId id,
      Event.@Nullable MailboxReceipt before,
      @Nullable Labels labels) {
    this.account = account;
    this.mailbox = mailbox;
    this.id = id;
    this.before = before;
    this.labels = labels;
    this.state =
        before == null
            ? new Source.State(new UidValidity(0), 0, 0, 0)
            : new Source.State(before.source().uidValidity(), 0, 0, 0);
    keepWhatWasObserved();
  }

  private void keepWhatWasObserved() {
    observedUpTo = before == null || !sameGeneration() ? 0 : before.source().modSeq();
    reconciled = before == null || !sameGeneration() ? null : before.reconciled();
  }

  /// Captures it.
  ///
  /// @throws IOException from the archive or the catalogue only
  void run() throws IOException, AccountRun.StoppedException {
    try {
      Source.State now = mailbox.state();
      if (before != null && now != null && isAsBefore(before, now)) {
        unchanged = unchanged(before);
      } else {
        failure = AccountRun.STOPPED;
        capture();
        failure = AccountRun.NOTHING;
      }
    } catch (SourceException e) {
      account.failed(e);
      failure = e.words();
    }
  }

  /// Compares the octets of what was only matched, as far as there is room.
  void compare(Comparison comparison) throws IOException, AccountRun.StoppedException {
    if (provisional == 0 || !failure.equals(AccountRun.NOTHING)) {
      return;
    }
    try {
      Source.Session session = account.session();
      if (session.examine(mailbox).uidValidity().equals(state.uidValidity())) {
        comparison.run(session, id, state.uidValidity());
      }
    } catch (SourceException e) {
      account.failed(e);
      failure = e.words();
    } finally {
      provisional = account.progress().provisional(id);
    }
  }

  /// Whether the source says of a mailbox that was captured completely that nothing has changed.
  private boolean isAsBefore(Event.MailboxReceipt last, Source.State now) {
    Event.Described then = last.source();
    return now.modSeq() != 0
        && now.modSeq() == then.modSeq()
        && now.uidValidity().equals(then.uidValidity())
        && now.uidNext() == then.uidNextBefore()
        && now.messages() == last.listed()
        && last.vanished() == 0
        && last.provisional() == 0
        && last.failure().octets().isEmpty()
        && last.failed().stream().noneMatch(this::isDue)
        && !isReconciliationDue(last);
  }

  private boolean isDue(Event.FailedMessage message) {
    return Retries.isDue(message, account.now());
  }

  private boolean isReconciliationDue(Event.MailboxReceipt last) {
    Instant then = last.reconciled();
    return then == null || !account.now().isBefore(then.plus(RECONCILED_AFTER));
  }

  private static Event.MailboxReceipt unchanged(Event.MailboxReceipt last) {
    return new Event.MailboxReceipt(
        last.mailbox(),
        new Event.Described(
            last.source().uidValidity(),
            last.source().uidNextBefore(),
            last.source().uidNextBefore(),
            last.source().modSeq()),
        last.listed(),
        last.archived(),
        0,
        last.excluded(),
        0,
        0,
        last.failed(),
        last.reconciled(),
        last.failure());
  }

  private void capture() throws SourceException, IOException, AccountRun.StoppedException {
    listed = open().uids();
    UidRanges archived = account.progress().archived(id, state.uidValidity());
    UidRanges known = listed.and(archived);
    if (!listed.minus(archived).isEmpty() && (hasOtherGenerations() || isFilledAnew(known))) {
      new Rematch(account, id, state.uidValidity()).run(open(), listed.minus(archived));
      account.commit();
      account.progress().follow();
      archived = account.progress().archived(id, state.uidValidity());
      known = listed.and(archived);
    }
    missing = listed.minus(archived).minus(postponed());
    provisional = account.progress().provisional(id);
    account.report(mailbox, 0, missing.size());
    observe(known);
    fetchMissing(missing.minus(placeKnown()));
    if (!missing.isEmpty()) {
      uidNextAfter = account.session().examine(mailbox).uidNext();
    }
    if (failed.isEmpty()) {
      missOtherGenerations();
    }
    if (labels != null) {
      end(labels);
    }
  }

  private void end(Labels ended) throws SourceException, IOException {
    try {
      ended.end(state.uidValidity(), listed, failed.isEmpty());
    } catch (SourceException e) {
      observedUpTo = 0; // so that the next run sees all labels, and says so again
      throw e;
    }
  }

  /// What the source itself says is a message that the archive has need not be fetched.
  private UidRanges placeKnown() throws SourceException, IOException, AccountRun.StoppedException {
    if (missing.isEmpty() || !open().givesOwnIds()) {
      return UidRanges.EMPTY;
    }
    // So that what the mailboxes before this one have brought is found.
    account.commit();
    account.progress().follow();
    UidRanges placed = new OwnIds(account, id, state.uidValidity()).place(open(), missing);
    added += placed.size();
    return placed;
  }

  /// Whether messages that the mailbox had under another UIDVALIDITY are neither matched nor missed
  /// yet: it is the case until a run in the new one has come to its end.
  private boolean hasOtherGenerations() throws IOException {
    return account.progress().thereInOthers(id, state.uidValidity());
  }

  /// Whether the mailbox was emptied, and what it has now may be what it had.
  private boolean isFilledAnew(UidRanges known) throws IOException {
    return known.isEmpty() && !account.progress().isEmpty(id);
  }

  private boolean sameGeneration() {
    return before != null && before.source().uidValidity().equals(state.uidValidity());
  }

  /// Failed before, and not to be tried yet.
  private UidRanges postponed() {
    UidRanges.Builder later = new UidRanges.Builder();
    if (before != null && sameGeneration()) {
      for (Event.FailedMessage message : before.failed()) {
        if (message.source() instanceof Event.SourceUid source && listed.contains(source.uid())) {
          failedBefore.put(source.uid(), message);
          if (!isDue(message)) {
            failed.add(message);
            later.accept(source.uid().value());
          }
        }
      }
    }
    return later.build();
  }

  /// @param known UIDs that are listed and archived
  private void observe(UidRanges known) throws SourceException, IOException {
    UidRanges there = account.progress().there(id, state.uidValidity());
    account.sightings(id).missed(inView(there.minus(listed)));
    inView(known.minus(there)).forEach(uid -> account.sightings(id).back(new Uid(uid)));
    boolean all =
        before == null
            || !sameGeneration()
            || isReconciliationDue(before)
            // The server has lost count: what it says has changed since is not all.
            || state.modSeq() < before.source().modSeq();
    long since = all || before == null ? 0 : before.source().modSeq();
    if (!known.isEmpty() && (since == 0 || since != state.modSeq())) {
      FlagsTaker flags = new FlagsTaker();
      open().flags(known.first(), known.last(), state.modSeq() == 0 ? 0 : since, flags);
      flags.compare();
    }
    observedUpTo = state.modSeq();
    reconciled = all || before == null ? account.now() : before.reconciled();
  }

  private UidRanges inView(UidRanges atSource) throws IOException {
    return account.progress().inView(id, state.uidValidity(), atSource);
  }

  /// What the mailbox had under another UIDVALIDITY is there no more, once all of this one is
  /// archived.
  private void missOtherGenerations() throws IOException {
    if (!hasOtherGenerations()) {
      return;
    }
    account.commit();
    account.progress().follow();
    UidRanges now = inView(listed);
    account.sightings(id).missed(account.progress().thereInView(id).minus(now));
  }

  /// The session, with this mailbox open in the generation that the run began with.
  private Source.Session open() throws SourceException {
    Source.Session session = account.session();
    if (session.equals(examined)) {
      return session;
    }
    Source.State now = session.examine(mailbox);
    if (examined == null) {
      state = now;
      uidNextAfter = now.uidNext();
      keepWhatWasObserved();
    } else if (!now.uidValidity().equals(state.uidValidity())) {
      throw SourceException.refused(
          SourceText.of(
              "UIDVALIDITY changed from " + state.uidValidity() + " to " + now.uidValidity()),
          null);
    }
    examined = session;
    return session;
  }

  private void fetchMissing(UidRanges due)
      throws SourceException, IOException, AccountRun.StoppedException {
    UidRanges.Builder unanswered = new UidRanges.Builder();
    for (UidRanges chunk : due.chunks(CHUNK)) {
      UidRanges rest = fetchTogether(chunk);
      for (UidRanges one : rest.chunks(1)) {
        fetchAlone(one, unanswered);
      }
      account.report(mailbox, added, missing.size());
      limitUnanswered(unanswered.build());
    }
    account.awaitAppended();
    explain(unanswered.build());
  }

  /// @return those of the chunk that did not come
  private UidRanges fetchTogether(UidRanges chunk)
      throws SourceException, IOException, AccountRun.StoppedException {
    Source.Session session = open();
    Taker taker = new Taker(chunk);
    try {
      session.fetch(chunk, taker);
    } catch (SourceException e) {
      account.failed(e);
    }
    return taker.end();
  }

  private void fetchAlone(UidRanges one, UidRanges.Builder unanswered)
      throws SourceException, IOException, AccountRun.StoppedException {
    Source.Session session = open();
    Taker taker = new Taker(one);
    try {
      session.fetch(one, taker);
      taker.end().forEach(unanswered);
    } catch (SourceException e) {
      account.failed(e);
      UidRanges rest = taker.end();
      if (e.later()) {
        throw e; // which says nothing about the message
      }
      rest.forEach(uid -> failed(new Uid(uid), e.words()));
      limitFailures(e);
    }
  }

  private void failed(Uid uid, SourceText reason) {
    failed.add(
        Retries.failed(
            new Event.SourceUid(state.uidValidity(), uid),
            reason,
            failedBefore.get(uid),
            account.now()));
  }

  /// Those that the source did not answer for are gone, unless it still lists them.
  private void explain(UidRanges unanswered) throws SourceException {
    if (unanswered.isEmpty()) {
      return;
    }
    UidRanges gone = unanswered.minus(open().uids());
    vanished = gone.size();
    unanswered.minus(gone).forEach(uid -> failed(new Uid(uid), NOT_SENT));
  }

  private void limitFailures(SourceException last) throws SourceException {
    if (failed.size() > MAX_FAILED) {
      throw SourceException.refused(
          SourceText.of(failed.size() + " messages failed, the last with: " + last.getMessage()),
          last);
    }
  }

  /// A server that lists what it never sends could keep this busy for years; a mailbox that was
  /// emptied meanwhile is listed anew by the next run.
  private static void limitUnanswered(UidRanges unanswered) throws SourceException {
    if (unanswered.size() > MAX_FAILED) {
      throw SourceException.refused(
          SourceText.of("%,d messages that were listed did not come".formatted(unanswered.size())),
          null);
    }
  }

  private boolean isMissing(Event.SourceId message) {
    return message instanceof Event.SourceUid source && missing.contains(source.uid());
  }

  /// What became of it.
  Event.MailboxReceipt receipt() {
    if (unchanged != null) {
      return unchanged;
    }
    long postponed = failed.stream().filter(message -> !isMissing(message.source())).count();
    return new Event.MailboxReceipt(
        id,
        new Event.Described(state.uidValidity(), state.uidNext(), uidNextAfter, observedUpTo),
        listed.size(),
        listed.size() - missing.size() - postponed + added,
        added,
        0,
        vanished,
        provisional,
        failed,
        reconciled,
        failure);
  }

  /// Compares flags as they come with those that were last observed.
  private final class FlagsTaker implements Source.FlagsReceiver {
    private final Map<Uid, Source.Marks> taken = new HashMap<>();
    private long weight;

    @Override
    public void accept(Uid uid, Source.Marks marks) throws IOException {
      taken.put(uid, marks);
      weight += Sightings.weight(marks.flags()) + Sightings.weight(marks.labels());
      if (taken.size() == SourceProgress.MOST || weight > Sightings.MOST_HELD) {
        compare();
      }
    }

    void compare() throws IOException {
      if (taken.isEmpty()) {
        return;
      }
      for (SourceProgress.KnownMessage known :
          account.progress().known(id, state.uidValidity(), taken.keySet())) {
        Source.Marks now = taken.get(known.source());
        if (now != null && !now.flags().equals(known.flags())) {
          account.flagged(id, known.uid(), now.flags());
        }
      }
      if (labels != null) {
        labels.observe(state.uidValidity(), taken);
      }
      taken.clear();
      weight = 0;
    }
  }

  /// Appends the messages of one FETCH that were asked for, each once.
  private final class Taker implements Source.Receiver {
    private final UidRanges asked;
    private final Set<Uid> taken = new HashSet<>();

    Taker(UidRanges asked) {
      this.asked = asked;
    }

    @Override
    public void accept(Source.Message message) throws IOException {
      if (asked.contains(message.uid()) && !taken.contains(message.uid())) {
        account.append(id, new Event.SourceUid(state.uidValidity(), message.uid()), message);
        taken.add(message.uid());
      } else {
        message.octets().close();
      }
    }

    /// Counts what was taken, which is durable before the receipt is that tells of it.
    ///
    /// @return those asked for that did not come
    UidRanges end() throws IOException, AccountRun.StoppedException {
      account.commitSoon();
      added += taken.size();
      account.goOn();
      UidRanges.Builder came = new UidRanges.Builder();
      taken.forEach(uid -> came.accept(uid.value()));
      return asked.minus(came.build());
    }
  }
}
