package org.muniment.server.capture;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.Reread;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.DeleteAtSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes at the source, after a capture run, what an account of config.yml says may go there. The
/// only thing in this program that destroys anything. A message is deleted only when
/// - it is old enough, both since it was archived and by INTERNALDATE, and its mailbox is one of
///   those that may be emptied;
/// - a receipt of an earlier run stands behind its placement in the log, and it is not provisional;
/// - its octets were read from the archive in this run and have their SHA-256, and so have those of
///   all others that this run is to delete: a single one that has not ends it before the source is
///   told anything ([DeletionPlan]);
/// - the source shows the same message under the same id ([ImapDeletion], [MaildropDeletion]), and
///   nobody has flagged it.
final class Deletion {

  private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);

  private final AccountConfig account;
  private final ArchiveWriter archive;
  private final SourceProgress progress;
  private final Receipts receipts;
  private final Clock clock;
  private final Terms terms;
  private final DeletionLog log;
  private final Optional<SourceProgress.ReceiptInLog> earlier;

  private Deletion(
      AccountConfig account,
      ArchiveWriter archive,
      SourceProgress progress,
      Receipts receipts,
      Terms terms,
      Clock clock)
      throws IOException {
    this.account = account;
    this.archive = archive;
    this.progress = progress;
    this.receipts = receipts;
    this.clock = clock;
    this.terms = terms;
    this.log = new DeletionLog(account.name(), archive, terms);
    this.earlier = progress.lastReceiptInLog(account.name());
  }

  /// To be called before the capture run, so as to know what was in the log then.
  ///
  /// @param terms asked between messages
  static Deletion before(
      AccountConfig account,
      ArchiveWriter archive,
      SourceProgress progress,
      Receipts receipts,
      Terms terms,
      Clock clock)
      throws IOException {
    return new Deletion(account, archive, progress, receipts, terms, clock);
  }

  /// How one protocol deletes.
  interface Way {
    /// Deletes what of the plan the source shows to be the same.
    ///
    /// @return what went wrong without ending it, `""` for nothing
    String delete(List<DeletionPlan.OfMailbox> plan, DeletionLog log)
        throws SourceException, IOException, AccountRun.StoppedException;
  }

  /// To be called when the capture run has left its receipt.
  ///
  /// @return the outcome of both; a message that is damaged in the archive makes it incomplete
  CaptureOutcome.Finished after(CaptureOutcome.Finished run, Way way) throws IOException {
    DeleteAtSource policy = account.deleteAtSource();
    if (policy == null) {
      spareAll();
      return run;
    }
    progress.follow();
    if (earlier.isEmpty()
        || run.hindrance() != null
        || !run.receipt().failure().octets().isEmpty()) {
      return run;
    }
    try {
      List<DeletionPlan.OfMailbox> plan = plan(policy, earlier.get(), run.receipt());
      return plan.isEmpty() ? run : told(run, way.delete(plan, log));
    } catch (DeletionPlan.UnverifiedException e) {
      String trouble = "nothing is deleted at the source: " + e.getMessage();
      return told(failed(run, trouble), trouble);
    } catch (SourceException e) {
      return told(run.with(Hindrance.of(e)), e.words().display());
    } catch (AccountRun.StoppedException e) {
      return told(run, AccountRun.STOPPED.display());
    }
  }

  private List<DeletionPlan.OfMailbox> plan(
      DeleteAtSource policy, SourceProgress.ReceiptInLog before, Event.Poll run)
      throws IOException, DeletionPlan.UnverifiedException, AccountRun.StoppedException {
    try (Reread disk = archive.reread()) {
      return new DeletionPlan(account, policy, before, disk, progress, log)
          .of(run, clock.instant());
    }
  }

  /// Nothing is to be deleted any more: what a run of before was about to delete and did not is
  /// from now on for others to delete.
  private void spareAll() throws IOException {
    if (!progress.intended(account.name()).isEmpty()) {
      progress.follow();
    }
    for (MailboxId mailbox : progress.intended(account.name())) {
      log.record(mailbox, progress.intended(mailbox), Event.Deletion.KEPT);
    }
  }

  private CaptureOutcome.Finished told(CaptureOutcome.Finished run, String trouble) {
    if (!trouble.isEmpty()) {
      LOG.warn("{}: deletion at the source: {}", account.name(), trouble);
    }
    if (log.deleted() > 0) {
      LOG.info("{}: {} messages deleted at the source", account.name(), log.deleted());
    }
    return new CaptureOutcome.Finished(
        run.receipt(),
        clock.instant(),
        run.messages(),
        run.octets(),
        run.hindrance(),
        new CaptureOutcome.Deleted(log.deleted(), trouble));
  }

  /// With a receipt that says so.
  private CaptureOutcome.Finished failed(CaptureOutcome.Finished run, String trouble)
      throws IOException {
    Event.Poll receipt = run.receipt();
    Event.Poll untold =
        new Event.Poll(
            receipt.account(),
            receipt.started(),
            receipt.mailboxes(),
            receipt.excluded(),
            SourceText.of(trouble),
            0);
    Event.Poll failed = terms.write(() -> receipts.keep(untold, false));
    return new CaptureOutcome.Finished(
        failed, run.ended(), run.messages(), run.octets(), run.hindrance());
  }
}
