package org.muniment.server.capture;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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

  /// Of the mailbox that has every message, when that is captured.
  private @Nullable Labels labels;

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
    AccountMailboxes mailboxes = new AccountMailboxes(intake);
    Map<MailboxId, Event.MailboxReceipt> before = intake.receipts().last(account.name());
    try {
      List<Source.Mailbox> listed = inOrder(session().mailboxes(account.folders().shared()));
      if (listed.isEmpty()) {
        // INBOX is always there (RFC 9051 section 5.1): whatever this is, it is not the mail.
        throw SourceException.refused(SourceText.of("the server lists no mailbox"), null);
      }
      if (listed.stream().anyMatch(Source.Mailbox::isAll)) {
        mailboxes.keepLabels(listed);
      }
      for (Source.Mailbox mailbox : listed) {
        Optional<String> rule = filter.excludes(mailbox);
        if (rule.isEmpty()) {
          goOn();
          MailboxId id = mailboxes.identify(mailbox);
          Labels own = labelsOf(mailbox, id, listed, mailboxes);
          MailboxRun run = new MailboxRun(this, mailbox, id, before.get(id), own);
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
      intake.hindered(e);
      return e.words();
    } catch (StoppedException e) {
      intake.changed();
      return intake.stopReason();
    } finally {
      if (mailboxes.changed()) {
        intake.changed();
      }
      disconnect();
    }
  }

  /// A source with ids of its own is asked first for the mailboxes that together have every
  /// message, so that each is fetched from there; the others only say where it is, too.
  private List<Source.Mailbox> inOrder(List<Source.Mailbox> listed) throws SourceException {
    if (!session().givesOwnIds()) {
      return listed;
    }
    return Stream.concat(
            listed.stream().filter(AccountRun::isFirst),
            listed.stream().filter(mailbox -> !isFirst(mailbox)))
        .toList();
  }

  private static boolean isFirst(Source.Mailbox mailbox) {
    return mailbox.isAll() || mailbox.isFor("\\Junk") || mailbox.isFor("\\Trash");
  }

  private @Nullable Labels labelsOf(
      Source.Mailbox mailbox,
      MailboxId id,
      List<Source.Mailbox> listed,
      AccountMailboxes mailboxes) {
    if (!mailbox.isAll() || labels != null) {
      return null;
    }
    labels = new Labels(this, mailboxes, new FolderFilter(account.folders()), mailbox, id, listed);
    return labels;
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
      intake.hindered(e);
      unreachable = e;
      throw e;
    }
  }

  /// Takes note of trouble with the source: a lost connection is given up, and a source that wants
  /// to be left alone is asked nothing more.
  void failed(SourceException trouble) {
    if (trouble.later()) {
      intake.hindered(trouble);
      unreachable = trouble;
    }
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

  /// Appends a message, soon; it counts once [#commit] has returned.
  void append(MailboxId mailbox, Event.SourceUid uid, Source.Message message) throws IOException {
    Event.SourceUid known =
        new Event.SourceUid(uid.uidValidity(), uid.uid(), message.ownId(), false);
    intake.take(
        mailbox,
        known,
        message.internalDate(),
        message.flags(),
        message.octets(),
        source.provenance(),
        placed -> placeLabels(mailbox, known, archived(placed), message.marks()));
  }

  private static SourceProgress.Archived archived(Event.Placement placed) {
    return new SourceProgress.Archived(placed.content(), placed.length(), placed.internalDate());
  }

  /// Appends a place of a message that the archive has; it counts once [#commit] has returned.
  ///
  /// @return false when the archive does not have it, against what the catalogue says
  boolean place(
      MailboxId mailbox, Event.SourceUid uid, SourceProgress.Archived message, Source.Marks marks)
      throws IOException {
    boolean placed = intake.place(mailbox, uid, message, marks.flags(), source.provenance());
    if (placed) {
      placeLabels(mailbox, uid, message, marks);
    }
    return placed;
  }

  private void placeLabels(
      MailboxId mailbox, Event.SourceUid uid, SourceProgress.Archived message, Source.Marks marks)
      throws IOException {
    if (labels != null && labels.areOf(mailbox)) {
      labels.place(uid, message, marks);
    }
  }

  void commit() throws IOException {
    intake.commit();
  }

  /// Waits until every message is appended that [#append] was called with.
  void awaitAppended() throws IOException {
    intake.awaitAppended();
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
