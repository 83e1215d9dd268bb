package org.muniment.server.capture;

import java.util.ArrayList;
import java.util.List;
import org.muniment.archive.event.Event;
import org.muniment.server.config.SourceConfig;

/// Says in words what a receipt lacks.
public final class CaptureReport {

  private CaptureReport() {}

  /// One sentence: the failure of the account, of mailboxes, of messages; empty when complete.
  public static String missing(Event.Poll receipt) {
    List<String> parts = new ArrayList<>();
    if (!receipt.failure().octets().isEmpty()) {
      parts.add(receipt.failure().display());
    }
    for (Event.MailboxReceipt mailbox : receipt.mailboxes()) {
      if (!mailbox.failure().octets().isEmpty()) {
        parts.add("mailbox " + mailbox.mailbox() + ": " + mailbox.failure().display());
      }
      if (mailbox.provisional() > 0) {
        parts.add(
            "mailbox %s: %d messages were matched after the server gave other UIDs, and are not compared yet"
                .formatted(mailbox.mailbox(), mailbox.provisional()));
      }
      Event.JournalReceipt journal = mailbox.journal();
      if (journal != null && journal.pending() > 0) {
        parts.add(
            "journal mailbox %s: %,d messages are not unwrapped yet: %s"
                .formatted(mailbox.mailbox(), journal.pending(), journal.reason().display()));
      }
      if (!mailbox.failed().isEmpty()) {
        Event.FailedMessage first = mailbox.failed().getFirst();
        parts.add(
            "mailbox %s: %d messages failed, the first, %s, with: %s"
                .formatted(
                    mailbox.mailbox(),
                    mailbox.failed().size(),
                    name(first.source()),
                    first.reason().display()));
      }
    }
    return String.join("; ", parts);
  }

  /// What a complete receipt does not say, for this kind of source; `""` for nothing.
  public static String unknowable(SourceConfig source) {
    return switch (source) {
      case SourceConfig.Pop3 pop3 ->
          "POP3: what others removed from the server between two polls cannot be known";
      case SourceConfig.Imap imap -> "";
      case SourceConfig.Unusable unusable -> "";
    };
  }

  private static String name(Event.SourceId source) {
    return switch (source) {
      case Event.SourceUid uid -> "UID " + uid.uid();
      case Event.Uidl uidl -> uidl.uniqueId().display();
      case Event.ImportedFrom file -> file.path().display();
    };
  }
}
