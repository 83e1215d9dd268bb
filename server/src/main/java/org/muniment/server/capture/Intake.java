package org.muniment.server.capture;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.server.capture.source.SourceException;

/// What one run of an account puts into the archive, whatever the protocol: messages, observations,
/// and at its end the receipt.
final class Intake {

  private final AccountName account;
  private final ArchiveWriter archive;
  private final SourceProgress progress;
  private final Receipts receipts;
  private final CaptureProgress listener;
  private final Terms terms;
  private final Clock clock;
  private final Sightings sightings;

  private boolean changed;
  private long messages;
  private long octets;
  private @Nullable Hindrance hindrance;

  Intake(
      AccountName account,
      ArchiveWriter archive,
      SourceProgress progress,
      Receipts receipts,
      CaptureProgress listener,
      Terms terms,
      Clock clock) {
    this.account = account;
    this.archive = archive;
    this.progress = progress;
    this.receipts = receipts;
    this.listener = listener;
    this.terms = terms;
    this.clock = clock;
    this.sightings = new Sightings(account, progress);
  }

  AccountName account() {
    return account;
  }

  ArchiveWriter archive() {
    return archive;
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

  /// Appends a message; it counts once [#commit] has returned.
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
    messages++;
    octets += message.length();
    changed = true;
    return placement;
  }

  void commit() throws IOException {
    terms.write(
        () -> {
          archive.commit();
          return account;
        });
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

  /// @throws AccountRun.StoppedException when the run was asked to stop
  void goOn() throws AccountRun.StoppedException {
    if (terms.stop()) {
      throw new AccountRun.StoppedException();
    }
  }

  void report(SourceText mailbox, long done, long due) {
    terms.moved();
    listener.at(new CaptureProgress.Step(account, mailbox.display(), done, due, messages, octets));
  }

  /// Appends what was observed; it counts once [#commit] has returned.
  void record(Event.Observation observation) throws IOException {
    terms.write(
        () -> {
          archive.append(observation);
          return account;
        });
    changed = true;
  }

  /// Records what was seen, and writes the receipt.
  CaptureOutcome.Finished finish(
      Instant started,
      List<Event.MailboxReceipt> mailboxes,
      List<Event.Excluded> excluded,
      SourceText failure)
      throws IOException {
    for (Event.Observed observed : sightings.observations()) {
      record(observed);
    }
    Event.Poll receipt =
        terms.write(
            () ->
                receipts.keep(
                    new Event.Poll(account, started, mailboxes, excluded, failure, 0), changed));
    return new CaptureOutcome.Finished(receipt, clock.instant(), messages, octets, hindrance);
  }
}
