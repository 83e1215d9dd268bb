package org.muniment.server.capture;

import java.io.IOException;
import java.util.Optional;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;

/// What the log says about how far each source is captured. The catalogue answers it.
public interface SourceProgress {

  /// Returns when everything that is durable in the log shows in the answers below.
  ///
  /// @throws IOException when that cannot be reached; nothing may be captured then
  void follow() throws IOException;

  /// The mailbox that the account has under this name.
  ///
  /// @param name compared by its octets
  Optional<MailboxId> mailboxOf(AccountName account, SourceText name) throws IOException;

  /// The newest completeness receipt of the account.
  Optional<Event.Poll> lastReceipt(AccountName account) throws IOException;

  /// The UIDs of this generation of the mailbox at the source that were ever archived.
  UidRanges archived(MailboxId mailbox, UidValidity uidValidity) throws IOException;
}
