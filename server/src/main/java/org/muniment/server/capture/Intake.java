package org.muniment.server.capture;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.Arrival;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.store.ArchiveException;
import org.muniment.server.capture.source.SourceException;

/// What one run of an account puts into the archive, whatever the protocol: messages, observations,
/// and at its end the receipt.
final class Intake implements Closeable {

  private final AccountName account;
  private final ArchiveWriter archive;
  private final SourceProgress progress;
  private final Receipts receipts;
  private final CaptureProgress listener;
  private final Terms terms;
  private final Clock clock;
  private final Sightings sightings;
  private final Inflow inflow;

  /// The last commit that nobody has waited for.
  private volatile CompletableFuture<Void> committing = CompletableFuture.completedFuture(null);

  private final @Nullable JournalRun journals;

  /// By the thread that appends, too, as the next two.
  private volatile boolean changed;

  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong octets = new AtomicLong();
  private @Nullable Hindrance hindrance;

  Intake(
      AccountName account,
      ArchiveWriter archive,
      SourceProgress progress,
      Receipts receipts,
      CaptureProgress listener,
      Terms terms,
      Clock clock) {
    this(account, archive, progress, receipts, listener, terms, clock, null);
  }

  /// @param journals unwraps what has come to journal mailboxes, null for nothing
  Intake(
      AccountName account,
      ArchiveWriter archive,
      SourceProgress progress,
      Receipts receipts,
      CaptureProgress listener,
      Terms terms,
      Clock clock,
      @Nullable JournalRun journals) {
    this.account = account;
    this.archive = archive;
    this.progress = progress;
    this.receipts = receipts;
    this.listener = listener;
    this.terms = terms;
    this.clock = clock;
    this.sightings = new Sightings(account, progress);
    this.inflow = new Inflow(archive);
    this.journals = journals;
  }

  AccountName account() {
    return account;
  }

  SourceProgress progress() {
    return progress;
  }

  Receipts receipts() {
    return receipts;
  }

  Sightings.OfMailbox sightings(MailboxId mailbox) {
    return sightings.of(mailbox);
  }

  /// A message has these flags now. Recorded at the end of the run, or before when there are more
  /// than are to be held until then.
  void flagged(MailboxId mailbox, Uid uid, Set<SourceText> flags) throws IOException {
    for (Event.Observed early : sightings.flagged(mailbox, uid, flags)) {
      record(early);
    }
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /// The run leaves a receipt in any case.
  void changed() {
    changed = true;
  }

  /// Appends a message after those that were taken before, in a thread of its own; it counts once
  /// [#commit] has returned.
  ///
  /// @param date null where the source has none it can be held to: it is then the day of capture
  /// @param message closed when it was appended
  /// @param then told when it was appended, in that thread
  void take(
      MailboxId mailbox,
      Event.SourceId source,
      @Nullable Instant date,
      Set<SourceText> flags,
      Octets message,
      Event.Provenance provenance,
      Taken then)
      throws IOException {
    inflow.add(
        message, arrival -> then.at(append(mailbox, source, date, flags, arrival, provenance)));
  }

  /// Hears of a message that was taken.
  interface Taken {
    /// @param placement as appended
    void at(Event.Placement placement) throws IOException;
  }

  /// Appends a message here and now; it counts once [#commit] has returned.
  ///
  /// @param date null where the source has none it can be held to: it is then the day of capture
  Event.Placement append(
      MailboxId mailbox,
      Event.SourceId source,
      @Nullable Instant date,
      Set<SourceText> flags,
      Octets message,
      Event.Provenance provenance)
      throws IOException {
    return append(mailbox, source, date, flags, archive.prepare(message), provenance);
  }

  private Event.Placement append(
      MailboxId mailbox,
      Event.SourceId source,
      @Nullable Instant date,
      Set<SourceText> flags,
      Arrival message,
      Event.Provenance provenance)
      throws IOException {
    Event.Placement placement =
        terms.write(
            () ->
                archive.append(
                    message,
                    account,
                    mailbox,
                    source,
                    date == null ? Instant.ofEpochSecond(clock.instant().getEpochSecond()) : date,
                    flags,
                    provenance));
    terms.moved();
    messages.incrementAndGet();
    octets.addAndGet(placement.length());
    changed = true;
    return placement;
  }

  /// Appends a place of a message that the archive has, here and now; it counts once [#commit] has
  /// returned.
  ///
  /// @return false when the archive does not have it, against what the catalogue says
  boolean place(
      MailboxId mailbox,
      Event.SourceUid source,
      SourceProgress.Archived message,
      Set<SourceText> flags,
      Event.Provenance provenance)
      throws IOException {
    boolean placed =
        terms.write(
            () ->
                archive.place(
                        message.content(),
                        message.length(),
                        account,
                        mailbox,
                        source,
                        message.internalDate(),
                        flags,
                        provenance)
                    != null);
    terms.moved();
    if (placed) {
      changed = true;
    }
    return placed;
  }

  /// Appends a mailbox.
  MailboxId createMailbox(SourceText name, String delimiter, Set<String> attributes)
      throws IOException {
    return terms.write(() -> archive.createMailbox(account, name, delimiter, attributes).id());
  }

  /// Makes durable what was appended.
  void commit() throws IOException {
    inflow.finish();
    awaitCommit();
    terms.write(archive::commit);
  }

  /// Takes note of what a source says about the runs to come.
  void hindered(SourceException trouble) {
    Hindrance said = Hindrance.of(trouble);
    hindrance = said == null ? hindrance : said;
  }

  /// Why the run was asked to stop.
  SourceText stopReason() {
    return SourceText.of(terms.reason());
  }

  /// Waits until every message that was taken is appended.
  void awaitAppended() throws IOException {
    inflow.finish();
  }

  /// Begins to make durable what was taken as soon as it is appended, and what was before.
  void commitSoon() throws IOException {
    inflow.then(this::beginCommit);
  }

  /// Waits only when the archive has not ended the commit before yet.
  private void beginCommit() {
    awaitCommit();
    CompletableFuture<Void> commit = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("commit")
        .daemon()
        .start(
            () -> {
              try {
                archive.commit();
              } catch (ArchiveException e) {
                // The writer remembers.
              } finally {
                commit.complete(null);
              }
            });
    committing = commit;
  }

  private void awaitCommit() {
    committing.join();
  }

  /// Ends what goes on, and gives up what was not appended.
  @Override
  public void close() throws IOException {
    try {
      inflow.close();
    } finally {
      awaitCommit();
    }
  }

  /// @throws AccountRun.StoppedException when the run was asked to stop
  void goOn() throws AccountRun.StoppedException {
    if (terms.stop()) {
      throw new AccountRun.StoppedException();
    }
  }

  void report(SourceText mailbox, long done, long due) {
    terms.moved();
    listener.at(
        new CaptureProgress.Step(
            account, mailbox.display(), done, due, messages.get(), octets.get()));
  }

  /// Appends what was observed, before messages that are still on their way; it counts once
  /// [#commit] has returned.
  void record(Event.Observation observation) throws IOException {
    terms.write(
        () -> {
          archive.append(observation);
          return account;
        });
    changed = true;
  }

  /// Records what was seen, unwraps journal reports, and writes the receipt.
  CaptureOutcome.Finished finish(
      Instant started,
      List<Event.MailboxReceipt> mailboxes,
      List<Event.Excluded> excluded,
      SourceText failure)
      throws IOException {
    // What this run has appended counts as elsewhere once it is durable.
    commit();
    for (Event.Observation observed : sightings.observations()) {
      record(observed);
    }
    Event.Poll run = new Event.Poll(account, started, unwrapped(mailboxes), excluded, failure, 0);
    Event.Poll receipt = terms.write(() -> receipts.keep(run, changed));
    return new CaptureOutcome.Finished(
        receipt, clock.instant(), messages.get(), octets.get(), hindrance);
  }

  private List<Event.MailboxReceipt> unwrapped(List<Event.MailboxReceipt> mailboxes)
      throws IOException {
    if (journals == null) {
      return mailboxes;
    }
    Map<MailboxId, Event.JournalReceipt> found = journals.run(this);
    return mailboxes.stream().map(mailbox -> mailbox.with(found.get(mailbox.mailbox()))).toList();
  }
}
