package org.muniment.server.capture;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
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
  private final Intake intake;

  private Source.@Nullable Session session;
  private @Nullable SourceException unreachable;
  private int connects;
  private final List<MailboxRun> runs = new ArrayList<>();
  private final List<Event.Excluded> excluded = new ArrayList<>();

  AccountRun(AccountConfig account, Source source, Intake intake) {
    this.account = account;
    this.source = source;
    this.intake = intake;
  }

  CaptureOutcome.Finished run(Instant started) throws IOException {
    SourceText failure = capture();
    return intake.finish(
        started, runs.stream().map(MailboxRun::receipt).toList(), excluded, failure);
  }

  /// @return why the run as a whole failed, [#NOTHING] when it did not
  private SourceText capture() throws IOException {
    FolderFilter filter = new FolderFilter(account.folders());
    AccountMailboxes mailboxes =
        new AccountMailboxes(account.name(), intake.archive(), intake.progress());
    Map<MailboxId, Event.MailboxReceipt> before = intake.receipts().last(account.name());
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
        intake.sightings(gone).missed(intake.progress().thereInView(gone));
      }
      return unreachable == null ? NOTHING : unreachable.words();
    } catch (SourceException e) {
      return e.words();
    } catch (StoppedException e) {
      intake.changed();
      return STOPPED;
    } finally {
      if (mailboxes.changed()) {
        intake.changed();
      }
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
    intake.record(observation);
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
    intake.take(
        mailbox,
        uid,
        message.internalDate(),
        message.flags(),
        message.octets(),
        source.provenance());
  }

  void commit() throws IOException {
    intake.commit();
  }

  /// Begins to make durable what was appended.
  void commitSoon() throws IOException {
    intake.commitSoon();
  }

  /// @throws StoppedException when the run was asked to stop
  void goOn() throws StoppedException {
    intake.goOn();
  }

  /// What is archived already.
  SourceProgress progress() {
    return intake.progress();
  }

  /// What is seen of a mailbox.
  Sightings.OfMailbox sightings(MailboxId mailbox) {
    return intake.sightings(mailbox);
  }

  /// A message has these flags now.
  void flagged(MailboxId mailbox, Uid uid, Set<SourceText> flags) throws IOException {
    intake.flagged(mailbox, uid, flags);
  }

  Instant now() {
    return intake.now();
  }

  void report(Source.Mailbox mailbox, long done, long due) {
    intake.report(mailbox.name(), done, due);
  }

  /// The run was asked to stop.
  static final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
