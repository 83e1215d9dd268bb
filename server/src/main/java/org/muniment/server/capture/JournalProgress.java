package org.muniment.server.capture;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.muniment.archive.Archive;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Transmissions.Pending;
import org.muniment.indexer.text.OctetSource;

/// What the archive holds of journal mailboxes, as the catalogue knows it.
public record JournalProgress(Archive archive, Catalogue catalogue) {

  /// Number of messages in a mailbox that were not looked at.
  long pending(MailboxId mailbox) throws IOException {
    return CatalogueProgress.asked(() -> catalogue.transmissions().pending(mailbox));
  }

  /// Messages in a mailbox that were not looked at, in order of UID.
  ///
  /// @param after UID after which to begin, 0 for all
  List<Pending> pending(MailboxId mailbox, long after, int limit) throws IOException {
    return CatalogueProgress.asked(() -> catalogue.transmissions().pending(mailbox, after, limit));
  }

  /// What a report in `journal` held and was placed in `into`, when a crash came before the log
  /// could say so.
  Optional<ContentId> placedLast(MailboxId journal, MailboxId into) throws IOException {
    return CatalogueProgress.asked(() -> catalogue.transmissions().placedLast(journal, into));
  }

  /// The octets of a message, read back from the archive each time.
  OctetSource octets(Pending message) {
    return offset -> archive.open(message.content(), message.location(), offset);
  }
}
