package org.muniment.server.capture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.imap.ImapExpungeSource;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapSource;
import org.muniment.server.capture.pop3.Pop3Source;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

/// Captures an account: everything its source lists and the archive does not have.
public final class Capture {

  private final ArchiveWriter archive;
  private final SourceProgress progress;
  private final JournalProgress journals;
  private final Receipts receipts;
  private final Path temporary;
  private final Credentials credentials;
  private final Clock clock;

  /// Since the start of the program: to be without one costs the reading of some messages.
  private final Map<AccountName, Pop3Reading> readings = new ConcurrentHashMap<>();

  /// @param temporary an existing folder for messages too large for memory
  public Capture(
      ArchiveWriter archive,
      SourceProgress progress,
      JournalProgress journals,
      Path temporary,
      Credentials credentials,
      Clock clock) {
    this.archive = archive;
    this.progress = progress;
    this.journals = journals;
    this.receipts = new Receipts(archive, progress);
    this.temporary = temporary;
    this.credentials = credentials;
    this.clock = clock;
  }

  /// Runs once. The receipt is in the log when this returns, unless it says what the one before
  /// says and that one is younger than an hour. Not to be called for an account that is being
  /// captured already.
  ///
  /// @param stop asked between messages; true ends the run early
  public CaptureOutcome run(AccountConfig account, CaptureProgress listener, BooleanSupplier stop) {
    Instant started = clock.instant();
    try (Intake intake =
        new Intake(
            account.name(),
            archive,
            progress,
            receipts,
            listener,
            stop,
            clock,
            new JournalRun(account, journals))) {
      progress.follow();
      Deletion deletion = Deletion.before(account, archive, progress, receipts, stop, clock);
      return switch (account.source()) {
        case SourceConfig.Imap imap ->
            deletion.after(
                new AccountRun(account, imapSource(account, imap), intake).run(started),
                new ImapDeletion(expungeSource(account, imap)));
        case SourceConfig.Pop3 pop3 ->
            deletion.after(
                new Pop3Run(account, pop3Source(account, pop3), intake, readings).run(started),
                new MaildropDeletion(pop3Source(account, pop3)));
        case SourceConfig.Unusable unusable -> aborted(account, started, unusable.reason());
      };
    } catch (IOException e) {
      return aborted(account, started, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private CaptureOutcome aborted(AccountConfig account, Instant started, String reason) {
    return new CaptureOutcome.Aborted(account.name(), started, clock.instant(), reason);
  }

  private Pop3Source pop3Source(AccountConfig account, SourceConfig.Pop3 pop3) {
    return new Pop3Source(pop3, temporary, credentials, account.maxMessageSize());
  }

  private ImapExpungeSource expungeSource(AccountConfig account, SourceConfig.Imap imap) {
    return new ImapExpungeSource(
        imap, credentials, ImapLimits.ofMessages(account.maxMessageSize()));
  }

  private ImapSource imapSource(AccountConfig account, SourceConfig.Imap imap) {
    return new ImapSource(
        imap, temporary, credentials, ImapLimits.ofMessages(account.maxMessageSize()));
  }
}
