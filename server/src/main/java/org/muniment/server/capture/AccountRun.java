package org.muniment.server.capture;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.AccountConfig;

/// One capture run of one account: holds the connection, goes from mailbox to mailbox, writes the
/// receipt. Trouble of one mailbox stays with that mailbox.
final class AccountRun {

  static final SourceText NOTHING = SourceText.of("");

  /// Why a run that was asked to stop is not complete.
  static final SourceText STOPPED = SourceText.of("stopped");

  /// New connections after one was lost, per run.
  private static final int MAX_RECONNECTS = 20;

  private final AccountConfig account;
  private final Source source;
  private final ArchiveWriter archive;
  private final SourceProgress progress;
  private final Receipts receipts;
  private final CaptureProgress listener;
  private final BooleanSupplier stop;
  private final Clock clock;

  private Source.@Nullable Session session;
  private @Nullable SourceException unreachable;
  private int connects;
  private boolean changed;
  private final Sightings sightings;
  private final List<MailboxRun> runs = new ArrayList<>();
  private final List<Event.Excluded> excluded = new ArrayList<>();
  private long messages;
  private long octets;

  AccountRun(
      AccountConfig account,
      Source source,
      ArchiveWriter archive,
      SourceProgress progress,
      Receipts receipts,
      CaptureProgress listener,
      BooleanSupplier stop,
      Clock clock) {
    this.account = account;
    this.source = source;
    this.archive = archive;
    this.progress = progress;
    this.receipts = receipts;
    this.listener = listener;
    this.stop = stop;
    this.clock = clock;
    this.sightings = new Sightings(account.name(), progress);
  }

  CaptureOutcome run(Instant started) throws IOException {
    SourceText failure = capture();
    for (Event.Observed observed : sightings.observations()) {
      record(observed);
    }
    Event.Poll receipt =
        receipts.keep(
            new Event.Poll(
                account.name(),
                started,
                runs.stream().map(MailboxRun::receipt).toList(),
                excluded,
                failure,
                0),
            changed);
    return new CaptureOutcome.Finished(receipt, clock.instant(), messages, octets);
  }

  /// @return why the run as a whole failed, [#NOTHING] when it did not
  private SourceText capture() throws IOException {
    FolderFilter filter = new FolderFilter(account.folders());
    AccountMailboxes mailboxes = new AccountMailboxes(account.name(), archive, progress);
    Map<MailboxId, Event.MailboxReceipt> before = receipts.last(account.name());
    try {
      List<Source.Mailbox> listed = session().mailboxes();
      if (listed.isEmpty()) {
        // INBOX is always there (RFC 9051 section 5.1): whatever this is, it is not the mail.
        throw SourceException.refused(SourceText.of("the server lists no mailbox"), null);
      }
      for (Source.Mailbox mailbox : listed) {
        Optional<String> rule = filter.excludes(mailbox);
        if (rule.isEmpty()) {
          goOn();
          MailboxId id = mailboxes.identify(mailbox);
          MailboxRun run = new MailboxRun(this, mailbox, id, before.get(id));
          runs.add(run);
          run.run();
        } else {
          mailboxes.pass(mailbox);
          excluded.add(new Event.Excluded(mailbox.name(), rule.get()));
        }
      }
      compare();
      for (MailboxId gone : mailboxes.unlisted()) {
        sightings.of(gone).missed(progress.thereInView(gone));
      }
      return unreachable == null ? NOTHING : unreachable.words();
    } catch (SourceException e) {
      return e.words();
    } catch (StoppedException e) {
      changed = true;
      return STOPPED;
    } finally {
      changed |= mailboxes.changed();
      disconnect();
    }
  }

  /// After everything else, because it can take long and brings nothing new.
  private void compare() throws IOException, StoppedException {
    Comparison comparison = new Comparison(this);
    for (MailboxRun run : runs) {
      run.compare(comparison);
    }
  }

  AccountName name() {
    return account.name();
  }

  /// Appends what was observed; it counts once [#commit] has returned.
  void record(Event.Observation observation) throws IOException {
    archive.append(observation);
    changed = true;
  }

  /// The connection; a new one when there is none.
  ///
  /// @throws SourceException when the source cannot be reached; it is then not tried again
  Source.Session session() throws SourceException {
    if (unreachable != null) {
      throw unreachable;
    }
    Source.Session open = session;
    if (open == null) {
      open = connect();
      session = open;
    }
    return open;
  }

  private Source.Session connect() throws SourceException {
    try {
      if (connects++ > MAX_RECONNECTS) {
        throw SourceException.lost(
            SourceText.of("the connection was lost " + MAX_RECONNECTS + " times"), null);
      }
      return source.connect();
    } catch (SourceException e) {
      unreachable = e;
      throw e;
    }
  }

  /// Takes note of trouble with the source: a lost connection is given up.
  void failed(SourceException trouble) {
    if (trouble.lost()) {
      disconnect();
    }
  }

  private void disconnect() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  /// Appends a message; it counts once [#commit] has returned.
  void append(MailboxId mailbox, Event.SourceUid uid, Source.Message message) throws IOException {
    Instant date = message.internalDate();
    archive.append(
        message.octets(),
        account.name(),
        mailbox,
        uid,
        // A source that sends no date it can be held to gives the day it was captured.
        date == null ? Instant.ofEpochSecond(clock.instant().getEpochSecond()) : date,
        message.flags(),
        source.provenance());
    messages++;
    octets += message.octets().length();
    changed = true;
  }

  void commit() throws IOException {
    archive.commit();
  }

  /// @throws StoppedException when the run was asked to stop
  void goOn() throws StoppedException {
    if (stop.getAsBoolean()) {
      throw new StoppedException();
    }
  }

  /// What is archived already.
  SourceProgress progress() {
    return progress;
  }

  /// What is seen of a mailbox.
  Sightings.OfMailbox sightings(MailboxId mailbox) {
    return sightings.of(mailbox);
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  void report(Source.Mailbox mailbox, long done, long due) {
    listener.at(
        new CaptureProgress.Step(
            account.name(), mailbox.name().display(), done, due, messages, octets));
  }

  /// The run was asked to stop.
  static final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
