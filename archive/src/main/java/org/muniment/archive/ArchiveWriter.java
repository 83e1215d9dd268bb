package org.muniment.archive;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;

/// Appends to an archive. Safe for use by many threads. What was appended counts as archived only
/// when [#commit] has returned normally after it; concurrent commits share their syncs.
///
/// The first failed write closes the writer for good: every later call throws. What was committed
/// stays.
@SuppressWarnings("DoNotCallSuggester")
public final class ArchiveWriter implements Closeable {

  ArchiveWriter() {}

  /// Appends a mailbox and gives it its identity and its UIDVALIDITY.
  public Event.MailboxCreated createMailbox(
      AccountName account, SourceText name, String delimiter, Set<String> attributes)
      throws IOException {
    throw new UnsupportedOperationException(account + name.display() + delimiter + attributes);
  }

  /// Appends a message at a place. Octets that the archive holds already are not stored again; the
  /// placement is recorded all the same.
  ///
  /// @return the event as appended, with the UID that the mailbox gave
  /// @throws IllegalArgumentException when the archive has no such mailbox
  public Event.Placement append(
      Octets octets,
      AccountName account,
      MailboxId mailbox,
      Event.SourceUid source,
      Instant internalDate,
      Set<SourceText> flags,
      Event.Provenance provenance)
      throws IOException {
    throw new UnsupportedOperationException(
        octets.toString() + account + mailbox + source + internalDate + flags + provenance);
  }

  /// Appends a completeness receipt.
  public void append(Event.Poll poll) throws IOException {
    throw new UnsupportedOperationException(poll.toString());
  }

  /// Returns when everything appended before is durable: octets and events, then log and
  /// checkpoint.
  ///
  /// @return number of log entries that are durable
  public long commit() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() throws IOException {}
}
