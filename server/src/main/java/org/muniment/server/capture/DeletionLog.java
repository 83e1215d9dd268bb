package org.muniment.server.capture;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;

/// Writes down what is to be deleted at a source before the source is told, and what came of it.
final class DeletionLog {

  private final AccountName account;
  private final ArchiveWriter archive;
  private final Terms terms;
  private long deleted;

  DeletionLog(AccountName account, ArchiveWriter archive, Terms terms) {
    this.account = account;
    this.archive = archive;
    this.terms = terms;
  }

  /// Returns when it is durable.
  void record(
      MailboxId mailbox, Collection<SourceProgress.Deletable> messages, Event.Deletion outcome)
      throws IOException {
    List<Event.DeletedAtSource> events = DeletionEvents.of(account, mailbox, messages, outcome);
    terms.write(
        () -> {
          for (Event.DeletedAtSource event : events) {
            archive.append(event);
          }
          return events.isEmpty() ? 0 : archive.commit();
        });
    deleted += outcome == Event.Deletion.DELETED ? messages.size() : 0;
  }

  /// @throws AccountRun.StoppedException when the run was asked to stop
  void goOn() throws AccountRun.StoppedException {
    terms.moved();
    if (terms.stop()) {
      throw new AccountRun.StoppedException();
    }
  }

  /// Number of messages that were deleted so far.
  long deleted() {
    return deleted;
  }
}
