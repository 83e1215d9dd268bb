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
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.pop3.Pop3Session;
import org.muniment.server.capture.pop3.Pop3Source;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.AccountConfig;

/// One capture run of a POP3 account: its one mailbox, INBOX. The numbers of messages hold for one
/// connection, so each connection is a [Pop3Pass] that lists and compares anew; what the passes
/// before have archived is then there already.
///
/// A message that the server refuses costs no other. It may have gone while it was asked for, which
/// only another listing can tell: one more pass is made for that, once.
final class Pop3Run {

  private static final Source.Mailbox INBOX =
      new Source.Mailbox(SourceText.of("INBOX"), "", Set.of(), true, "", null);

  /// New connections after one was lost, per run.
  private static final int MAX_PASSES = 20;

  /// So many connections one after the other, lost without a message more or one given up, end the
  /// run.
  private static final int MAX_FRUITLESS = 2;

  private final AccountConfig account;
  private final Pop3Source source;
  private final Intake intake;
  private final Map<AccountName, Pop3Reading> readings;

  private @Nullable Pop3Pass pass;
  private long added;
  private long vanished;
  private SourceText trouble = AccountRun.NOTHING;
  private boolean hindered;

  /// @param readings of the runs before, by account; kept up to date
  Pop3Run(
      AccountConfig account,
      Pop3Source source,
      Intake intake,
      Map<AccountName, Pop3Reading> readings) {
    this.account = account;
    this.source = source;
    this.intake = intake;
    this.readings = readings;
  }

  CaptureOutcome.Finished run(Instant started) throws IOException {
    Optional<String> rule = new FolderFilter(account.folders()).excludes(INBOX);
    if (rule.isPresent()) {
      return intake.finish(
          started,
          List.of(),
          List.of(new Event.Excluded(INBOX.name(), rule.get())),
          AccountRun.NOTHING);
    }
    SourceText failure = capture();
    return intake.finish(started, receipts(), List.of(), failure);
  }

  /// @return why the server cannot be reached, or that the run was stopped; [AccountRun#NOTHING]
  ///   otherwise
  private SourceText capture() throws IOException {
    int fruitless = 0;
    boolean explained = false;
    for (int passes = 0; passes < MAX_PASSES; passes++) {
      Pop3Pass now;
      try (Pop3Session session = source.connect()) {
        now = begin(session);
        trouble = capture(now);
      } catch (SourceException e) {
        return unreachable(e);
      }
      if (hindered) {
        return trouble;
      } else if (now.finished()) {
        keep(now.reading());
        if (explained || !now.failures().refusedNow()) {
          vanished = now.failures().gone();
          return AccountRun.NOTHING;
        }
        explained = true;
      } else if (!now.lost()) {
        return trouble.equals(AccountRun.STOPPED) ? intake.stopReason() : AccountRun.NOTHING;
      } else {
        fruitless = now.fruitful() ? 0 : fruitless + 1;
        if (fruitless == MAX_FRUITLESS) {
          return AccountRun.NOTHING;
        }
      }
    }
    return SourceText.of("the connection was lost " + MAX_PASSES + " times");
  }

  private Pop3Pass begin(Pop3Session session) throws IOException {
    Pop3Pass before = pass;
    MailboxId id = before == null ? identify() : before.mailbox();
    Pop3Failures failures = before == null ? failures(id) : before.failures();
    if (before != null) {
      intake.progress().follow();
      failures.next();
    }
    Pop3Pass now =
        new Pop3Pass(
            id, session, source.provenance(), intake, failures, readings.get(account.name()));
    pass = now;
    return now;
  }

  /// When all was listed and only what was refused is to be explained, to be turned away costs
  /// nothing: servers want a pause between two connections.
  private SourceText unreachable(SourceException e) {
    if (pass != null && pass.finished()) {
      return AccountRun.NOTHING;
    }
    intake.hindered(e);
    trouble = e.words();
    return e.words();
  }

  private MailboxId identify() throws IOException {
    AccountMailboxes mailboxes = new AccountMailboxes(intake);
    MailboxId id = mailboxes.identify(INBOX);
    if (mailboxes.changed()) {
      intake.changed();
    }
    return id;
  }

  private Pop3Failures failures(MailboxId id) throws IOException {
    return new Pop3Failures(intake.receipts().last(account.name()).get(id));
  }

  private void keep(@Nullable Pop3Reading reading) {
    if (reading == null) {
      readings.remove(account.name());
    } else {
      readings.put(account.name(), reading);
    }
  }

  /// @return why the pass did not come to its end
  private SourceText capture(Pop3Pass begun) throws IOException {
    try {
      begun.run();
      return AccountRun.NOTHING;
    } catch (SourceException e) {
      begun.failed(e);
      intake.hindered(e);
      hindered = e.later();
      return e.words();
    } catch (AccountRun.StoppedException e) {
      intake.changed();
      return AccountRun.STOPPED;
    } finally {
      begun.commit();
      added += begun.added();
    }
  }

  private List<Event.MailboxReceipt> receipts() {
    Pop3Pass last = pass;
    if (last == null) {
      return List.of();
    }
    List<Event.FailedMessage> failed = new ArrayList<>(last.failed());
    failed.addAll(last.failures().giveUp(intake.now()));
    return List.of(
        new Event.MailboxReceipt(
            last.mailbox(),
            new Event.Described(new UidValidity(0), 0, 0, 0),
            last.listed() + vanished,
            last.archived(),
            added,
            0,
            vanished,
            0,
            failed,
            last.reconciled(),
            trouble));
  }
}
