package org.muniment.server.capture;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.imap.ImapExpungeSource;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapSource;
import org.muniment.server.capture.net.Traffic;
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
  /// @param terms asked between messages
  public CaptureOutcome run(AccountConfig account, CaptureProgress listener, Terms terms) {
    Instant started = clock.instant();
    try (Intake intake =
        new Intake(
            account.name(),
            archive,
            progress,
            receipts,
            listener,
            terms,
            clock,
            new JournalRun(account, journals))) {
      progress.follow();
      terms.moved();
      Traffic traffic = terms.traffic();
      Deletion deletion = Deletion.before(account, archive, progress, receipts, terms, clock);
      return switch (account.source()) {
        case SourceConfig.Imap imap ->
            deletion.after(
                new AccountRun(account, imapSource(account, imap, traffic), intake).run(started),
                new ImapDeletion(expungeSource(account, imap, traffic)));
        case SourceConfig.Pop3 pop3 ->
            deletion.after(
                new Pop3Run(account, pop3Source(account, pop3, traffic), intake, readings)
                    .run(started),
                new MaildropDeletion(pop3Source(account, pop3, traffic)));
        case SourceConfig.Unusable unusable -> aborted(account, started, unusable.reason());
      };
    } catch (IOException e) {
      return aborted(account, started, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  /// Makes durable whatever was appended, by whichever run.
  void settle() throws IOException {
    archive.commit();
  }

  private CaptureOutcome aborted(AccountConfig account, Instant started, String reason) {
    return new CaptureOutcome.Aborted(account.name(), started, clock.instant(), reason);
  }

  private Pop3Source pop3Source(AccountConfig account, SourceConfig.Pop3 pop3, Traffic traffic) {
    return new Pop3Source(pop3, temporary, credentials, account.maxMessageSize(), traffic);
  }

  private ImapExpungeSource expungeSource(
      AccountConfig account, SourceConfig.Imap imap, Traffic traffic) {
    return new ImapExpungeSource(
        imap, credentials, ImapLimits.ofMessages(account.maxMessageSize(), traffic));
  }

  private ImapSource imapSource(AccountConfig account, SourceConfig.Imap imap, Traffic traffic) {
    return new ImapSource(
        imap, temporary, credentials, ImapLimits.ofMessages(account.maxMessageSize(), traffic));
  }
}
