package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.indexer.catalog.Receipt;

/// A capture run and its completeness receipt.
///
/// @param leaf index of its entry in the log
/// @param complete whether every message that the source listed is accounted for
/// @param failure the source's own words when the run as a whole failed
/// @param unchanged runs between the receipt before and this one that found nothing new
/// @param excluded names of the mailboxes that a rule leaves out
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReceiptJson(
    long leaf,
    String account,
    String started,
    String ended,
    boolean complete,
    @Nullable String failure,
    long unchanged,
    List<MailboxReceiptJson> mailboxes,
    List<ExcludedJson> excluded) {

  static ReceiptJson of(Receipt receipt) {
    Event.Poll poll = receipt.poll();
    return new ReceiptJson(
        receipt.leaf(),
        poll.account().value(),
        poll.started().toString(),
        receipt.ended().toString(),
        poll.complete(),
        words(poll.failure()),
        poll.unchanged(),
        poll.mailboxes().stream().map(MailboxReceiptJson::of).toList(),
        poll.excluded().stream().map(ExcludedJson::of).toList());
  }

  private static @Nullable String words(SourceText text) {
    return text.octets().isEmpty() ? null : text.display();
  }

  /// One mailbox of the run, counted in UIDs: listed = archived + excluded + vanished + failed.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record MailboxReceiptJson(
      String mailbox,
      long uidValidity,
      long uidNextBefore,
      long uidNext,
      long modSeq,
      @Nullable String reconciled,
      boolean complete,
      long listed,
      long archived,
      long added,
      long excluded,
      long vanished,
      long provisional,
      List<FailedJson> failed,
      @Nullable String failure,
      @Nullable JournalReceiptJson journal) {

    static MailboxReceiptJson of(Event.MailboxReceipt receipt) {
      return new MailboxReceiptJson(
          receipt.mailbox().value(),
          receipt.source().uidValidity().value(),
          receipt.source().uidNextBefore(),
          receipt.source().uidNext(),
          receipt.source().modSeq(),
          receipt.reconciled() == null ? null : receipt.reconciled().toString(),
          receipt.complete(),
          receipt.listed(),
          receipt.archived(),
          receipt.added(),
          receipt.excluded(),
          receipt.vanished(),
          receipt.provisional(),
          receipt.failed().stream().map(FailedJson::of).toList(),
          words(receipt.failure()),
          JournalReceiptJson.of(receipt.journal()));
    }
  }

  /// What the run found in a journal mailbox.
  ///
  /// @param pending messages that were not looked at yet
  /// @param reason why not
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record JournalReceiptJson(
      long reports, long ordinary, long broken, long pending, @Nullable String reason) {
    static @Nullable JournalReceiptJson of(Event.@Nullable JournalReceipt journal) {
      return journal == null
          ? null
          : new JournalReceiptJson(
              journal.reports(),
              journal.ordinary(),
              journal.broken(),
              journal.pending(),
              words(journal.reason()));
    }
  }

  /// A mailbox that is not captured, and the rule that leaves it out.
  record ExcludedJson(String name, String rule) {
    static ExcludedJson of(Event.Excluded excluded) {
      return new ExcludedJson(excluded.name().display(), excluded.rule());
    }
  }

  /// A message that could not be fetched, and why.
  ///
  /// @param uid on an IMAP server
  /// @param uidl unique-id on a POP3 server
  /// @param path of the file that was imported
  /// @param attempts how often it was tried
  /// @param nextTry not before this
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FailedJson(
      @Nullable Long uid,
      @Nullable String uidl,
      @Nullable String path,
      String reason,
      long attempts,
      String nextTry) {
    static FailedJson of(Event.FailedMessage failed) {
      Event.SourceId source = failed.source();
      return new FailedJson(
          source instanceof Event.SourceUid imap ? imap.uid().value() : null,
          source instanceof Event.Uidl pop3 ? pop3.uniqueId().display() : null,
          source instanceof Event.ImportedFrom file ? file.path().display() : null,
          failed.reason().display(),
          failed.attempts(),
          failed.nextTry().toString());
    }
  }
}
