package org.muniment.server.capture;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.muniment.archive.Location;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;

/// What the archive holds of journal mailboxes, and what of it nobody has looked at. The catalogue
/// answers it.
public interface JournalProgress {

  /// Number of messages in a mailbox that were not looked at. Quick where there are none.
  long pending(MailboxId mailbox) throws IOException;

  /// Messages in a mailbox that were not looked at, in order of UID.
  ///
  /// @param after UID after which to begin, 0 for all
  List<Pending> pending(MailboxId mailbox, long after, int limit) throws IOException;

  /// What a report in `journal` held and was placed in `into`, when a crash came before the log
  /// could say so.
  Optional<ContentId> placedLast(MailboxId journal, MailboxId into) throws IOException;

  /// Looks into a message. What it holds is readable as long as the archive is open.
  ///
  /// @throws IOException when the message cannot be read back
  Held look(Pending message) throws IOException;

  /// A message that was not looked at.
  ///
  /// @param uid in the view
  record Pending(
      Uid uid,
      ContentId content,
      Location location,
      Event.SourceId source,
      Instant internalDate,
      Event.Provenance provenance) {}

  /// What a message in a journal mailbox holds.
  sealed interface Held {}

  /// It is a journal report.
  record Report(ContentId content, Octets message, Event.Transmission transmission)
      implements Held {}

  /// It is ordinary mail.
  record Nothing() implements Held {}

  /// It claims to be a journal report and is not understood.
  ///
  /// @param reason in a few words
  record Unknown(String reason) implements Held {}
}
