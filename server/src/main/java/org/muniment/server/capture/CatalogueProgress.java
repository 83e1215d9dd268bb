package org.muniment.server.capture;

import java.io.IOException;
import java.util.Optional;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Receipt;

/// The progress of capture as the catalogue knows it.
public record CatalogueProgress(Catalogue catalogue, CatalogueFollower follower)
    implements SourceProgress {

  @Override
  public void follow() throws IOException {
    asked(
        () -> {
          follower.catchUp();
          return true;
        });
  }

  @Override
  public Optional<MailboxId> mailboxOf(AccountName account, SourceText name) throws IOException {
    return asked(() -> catalogue.mailboxes().find(account, name).map(Mailbox::id));
  }

  @Override
  public Optional<Event.Poll> lastReceipt(AccountName account) throws IOException {
    return asked(
        () ->
            catalogue.receipts(account, Long.MAX_VALUE, 1).stream().findFirst().map(Receipt::poll));
  }

  @Override
  public UidRanges archived(MailboxId mailbox, UidValidity uidValidity) throws IOException {
    return asked(() -> catalogue.sources().archived(mailbox, uidValidity));
  }

  private static <T> T asked(Question<T> question) throws IOException {
    try {
      return question.answer();
    } catch (RuntimeException e) {
      throw new IOException("the catalogue cannot be used: " + innermost(e).getMessage(), e);
    }
  }

  /// What the database said, below what its layers say of it.
  private static Throwable innermost(Throwable e) {
    Throwable inner = e;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }

  private interface Question<T> {
    T answer() throws IOException;
  }
}
