package org.muniment.server.capture;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;

/// Puts completeness receipts into the log: at once where a run brought something new, else one an
/// hour that counts the runs in between, of this process. So an idle account, or one whose source
/// is down, costs the log some 24 entries a day, however often it is polled.
final class Receipts {

  /// After this long a run leaves a receipt, whatever it found.
  static final Duration LONGEST_SILENCE = Duration.ofHours(1);

  private final ArchiveWriter archive;
  private final SourceProgress progress;

  /// Runs of this process since the last receipt that left none: a count, not worth a write for
  /// each run that found nothing.
  private final Map<AccountName, Long> silent = new ConcurrentHashMap<>();

  /// The receipts of the last runs since the start of the program.
  private final Map<AccountName, Event.Poll> newest = new ConcurrentHashMap<>();

  Receipts(ArchiveWriter archive, SourceProgress progress) {
    this.archive = archive;
    this.progress = progress;
  }

  /// What the newest receipt says of each mailbox, also one that was not put into the log.
  Map<MailboxId, Event.MailboxReceipt> last(AccountName account) throws IOException {
    Event.Poll last = newest.get(account);
    Optional<Event.Poll> poll = last == null ? progress.lastReceipt(account) : Optional.of(last);
    Map<MailboxId, Event.MailboxReceipt> mailboxes = new HashMap<>();
    poll.ifPresent(
        receipt -> receipt.mailboxes().forEach(one -> mailboxes.put(one.mailbox(), one)));
    return mailboxes;
  }

  /// Writes the receipt of a run, or counts the run.
  ///
  /// @param run its receipt, without a count
  /// @param changed whether the run is to leave a receipt in any case
  /// @return the receipt with its count
  Event.Poll keep(Event.Poll run, boolean changed) throws IOException {
    Event.Poll receipt = counting(run, silent.getOrDefault(run.account(), 0L));
    if (changed || isNews(run)) {
      archive.append(receipt);
      archive.commit();
      silent.remove(run.account());
    } else {
      silent.put(run.account(), receipt.unchanged() + 1);
    }
    newest.put(run.account(), receipt);
    return receipt;
  }

  private boolean isNews(Event.Poll run) throws IOException {
    Optional<Event.Poll> last = progress.lastReceipt(run.account());
    return last.isEmpty()
        || !gist(run).equals(gist(last.get()))
        || !isRecent(last.get().started(), run.started());
  }

  /// A clock that was set back makes no receipt recent.
  private static boolean isRecent(Instant last, Instant now) {
    return !now.isBefore(last) && now.isBefore(last.plus(LONGEST_SILENCE));
  }

  private static Event.Poll counting(Event.Poll run, long unchanged) {
    return new Event.Poll(
        run.account(), run.started(), run.mailboxes(), run.excluded(), run.failure(), unchanged);
  }

  /// What a receipt says, without what differs from run to run.
  private static Event.Poll gist(Event.Poll poll) {
    return new Event.Poll(
        poll.account(),
        Instant.EPOCH,
        poll.mailboxes().stream().map(Receipts::gist).toList(),
        poll.excluded(),
        gist(poll.failure()),
        0);
  }

  private static Event.@Nullable JournalReceipt gist(Event.@Nullable JournalReceipt journal) {
    return journal == null || journal.pending() == 0
        ? null
        : new Event.JournalReceipt(0, 0, 0, journal.pending(), gist(journal.reason()));
  }

  private static Event.MailboxReceipt gist(Event.MailboxReceipt mailbox) {
    return new Event.MailboxReceipt(
        mailbox.mailbox(),
        new Event.Described(mailbox.source().uidValidity(), 0, 0, 0),
        mailbox.listed(),
        mailbox.archived(),
        0,
        mailbox.excluded(),
        mailbox.vanished(),
        mailbox.provisional(),
        mailbox.failed().stream()
            .map(
                failed ->
                    new Event.FailedMessage(
                        failed.source(), gist(failed.reason()), failed.attempts(), Instant.EPOCH))
            .toList(),
        null,
        gist(mailbox.failure()),
        gist(mailbox.journal()));
  }

  /// The words without their numbers: servers put the time, a port or a duration into them.
  private static SourceText gist(SourceText words) {
    StringBuilder text = new StringBuilder();
    words.octets().chars().filter(c -> c < '0' || c > '9').forEach(c -> text.append((char) c));
    return new SourceText(text.toString(), "");
  }
}
