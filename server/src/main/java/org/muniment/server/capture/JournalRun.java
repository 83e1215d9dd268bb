package org.muniment.server.capture;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.JournalProgress.Held;
import org.muniment.server.capture.JournalProgress.Pending;
import org.muniment.server.config.AccountConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Unwraps what has come to the journal mailboxes of an account, however it came: goes by what the
/// archive holds and the log does not say anything of yet. So a report that is archived is never
/// without what it holds for longer than to the end of the next run.
///
/// The message that a report holds is placed first, in a mailbox beside the journal mailbox, and
/// what was found is recorded after it. A crash between the two leaves the last message of that
/// mailbox without its record, which is how the next run knows it.
///
/// Never two at once for an account.
final class JournalRun {

  /// How a message is said to have come that a report held.
  static final String PROTOCOL = "journal";

  private static final Logger LOG = LoggerFactory.getLogger(JournalRun.class);

  private static final String BESIDE = "journaled ";

  /// Messages in one question, and per commit.
  private static final int CHUNK = 100;

  /// Octets that are placed, and recipients that are recorded, after which there is a commit.
  private static final long CHUNK_OCTETS = 64L << 20;

  private static final int CHUNK_RECIPIENTS = 20_000;

  /// With so many messages that cannot be read back, those after them wait for another run.
  private static final int MAX_UNREAD = 100;

  private final AccountConfig account;
  private final JournalProgress journals;

  JournalRun(AccountConfig account, JournalProgress journals) {
    this.account = account;
    this.journals = journals;
  }

  /// The name of the mailbox that takes what the reports of a journal mailbox hold. No source can
  /// know it: the identity is the archive's own.
  static SourceText beside(SourceProgress.KnownMailbox journal) {
    return new SourceText(BESIDE + journal.id(), journal.name().display() + " (journaled)");
  }

  /// Unwraps what is not unwrapped. What was recorded is durable when this returns.
  ///
  /// @return for each journal mailbox what was found, nothing where all was known
  /// @throws IOException when the archive cannot be written, or the catalogue not be read
  Map<MailboxId, Event.JournalReceipt> run(Intake intake) throws IOException {
    Map<MailboxId, Event.JournalReceipt> found = new HashMap<>();
    if (account.folders().journal().isEmpty()) {
      return found;
    }
    intake.commit();
    intake.progress().follow();
    FolderFilter filter = new FolderFilter(account.folders());
    List<SourceProgress.KnownMailbox> all = intake.progress().mailboxes(account.name());
    Set<String> beside = new HashSet<>();
    all.forEach(mailbox -> beside.add(beside(mailbox).octets()));
    for (SourceProgress.KnownMailbox mailbox : all) {
      boolean journal = filter.isJournal(mailbox) && !beside.contains(mailbox.name().octets());
      long pending = journal ? journals.pending(mailbox.id()) : 0;
      if (pending > 0) {
        found.put(mailbox.id(), new Mailbox(intake, mailbox, pending).unwrap());
      }
    }
    return found;
  }

  /// One journal mailbox.
  private final class Mailbox {
    private final Intake intake;
    private final SourceProgress.KnownMailbox journal;
    private final long pending;
    private @Nullable MailboxId into;
    private @Nullable ContentId placed;
    private long reports;
    private long ordinary;
    private long broken;
    private int unread;
    private long uncommittedOctets;
    private int uncommittedRecipients;
    private SourceText reason = AccountRun.NOTHING;

    Mailbox(Intake intake, SourceProgress.KnownMailbox journal, long pending) {
      this.intake = intake;
      this.journal = journal;
      this.pending = pending;
    }

    Event.JournalReceipt unwrap() throws IOException {
      into = intake.progress().mailboxOf(account.name(), beside(journal)).orElse(null);
      if (into != null) {
        placed = journals.placedLast(journal.id(), into).orElse(null);
      }
      try {
        unwrapAll();
      } catch (AccountRun.StoppedException e) {
        reason = AccountRun.STOPPED;
      } finally {
        commit();
      }
      return new Event.JournalReceipt(reports, ordinary, broken, pending - looked(), reason);
    }

    private long looked() {
      return reports + ordinary + broken;
    }

    private void unwrapAll() throws IOException, AccountRun.StoppedException {
      List<Pending> some = journals.pending(journal.id(), 0, CHUNK);
      while (!some.isEmpty() && unread < MAX_UNREAD) {
        for (Pending message : some) {
          intake.goOn();
          unwrap(message);
        }
        commit();
        some = journals.pending(journal.id(), some.getLast().uid().value(), CHUNK);
      }
    }

    private void commit() throws IOException {
      intake.commit();
      uncommittedOctets = 0;
      uncommittedRecipients = 0;
      intake.report(journal.name(), looked(), pending);
    }

    private void unwrap(Pending message) throws IOException {
      Optional<Held> held = look(message);
      if (held.isEmpty()) {
        return;
      }
      Event.Finding finding =
          switch (held.get()) {
            case JournalProgress.Report report -> {
              reports++;
              uncommittedRecipients += report.transmission().recipients().size();
              yield new Event.JournalReport(
                  report.content(), place(message, report), report.transmission());
            }
            case JournalProgress.Nothing nothing -> {
              ordinary++;
              yield new Event.OrdinaryMail();
            }
            case JournalProgress.Unknown(String why) -> {
              broken++;
              yield new Event.BrokenReport(why);
            }
          };
      intake.record(new Event.Unwrapped(account.name(), journal.id(), message.uid(), finding));
      if (uncommittedOctets >= CHUNK_OCTETS || uncommittedRecipients >= CHUNK_RECIPIENTS) {
        commit();
      }
    }

    /// @return empty when the message cannot be read back now
    private Optional<Held> look(Pending message) {
      try {
        return Optional.of(journals.look(message));
      } catch (IOException e) {
        LOG.error("message {} of a journal mailbox cannot be read back", message.content(), e);
        unread++;
        reason =
            SourceText.of(
                "message %s cannot be read back: %s".formatted(message.content(), e.getMessage()));
        return Optional.empty();
      } catch (RuntimeException | StackOverflowError e) {
        LOG.error("message {} breaks the reader of journal reports", message.content(), e);
        return Optional.of(new JournalProgress.Unknown("breaks its reader"));
      }
    }

    /// @return the mailbox where it is
    private MailboxId place(Pending came, JournalProgress.Report report) throws IOException {
      MailboxId mailbox = into == null ? create() : into;
      into = mailbox;
      if (report.content().equals(placed)) {
        placed = null;
        return mailbox;
      }
      intake.append(
          mailbox,
          came.source(),
          came.internalDate(),
          Set.of(),
          report.message(),
          new Event.Provenance(PROTOCOL, came.provenance().host(), came.provenance().user()));
      uncommittedOctets += report.message().length();
      return mailbox;
    }

    private MailboxId create() throws IOException {
      return intake.createMailbox(beside(journal), journal.delimiter(), Set.of());
    }
  }
}
