package org.muniment.server.capture;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.muniment.archive.Archive;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.journal.InnerMessage;
import org.muniment.indexer.journal.Wrapping;
import org.muniment.indexer.journal.WrappingReader;

/// Journal mailboxes as the catalogue knows them, their messages read back from the archive.
public record CatalogueJournal(Archive archive, Catalogue catalogue) implements JournalProgress {

  @Override
  public long pending(MailboxId mailbox) throws IOException {
    return CatalogueProgress.asked(() -> catalogue.transmissions().pending(mailbox));
  }

  @Override
  public List<Pending> pending(MailboxId mailbox, long after, int limit) throws IOException {
    return CatalogueProgress.asked(
        () ->
            catalogue.transmissions().pending(mailbox, after, limit).stream()
                .map(
                    found ->
                        new Pending(
                            found.uid(),
                            found.content(),
                            found.location(),
                            found.source(),
                            found.internalDate(),
                            found.provenance()))
                .toList());
  }

  @Override
  public Optional<ContentId> placedLast(MailboxId journal, MailboxId into) throws IOException {
    return CatalogueProgress.asked(() -> catalogue.transmissions().placedLast(journal, into));
  }

  @Override
  public Held look(Pending message) throws IOException {
    Wrapping wrapping =
        WrappingReader.read(offset -> archive.open(message.content(), message.location(), offset));
    return switch (wrapping) {
      case Wrapping.Report(InnerMessage inner, Event.Transmission sent) ->
          new Report(inner.id(), inner, sent);
      case Wrapping.Nothing nothing -> new Nothing();
      case Wrapping.Broken(String reason) -> new Unknown(reason);
    };
  }
}
