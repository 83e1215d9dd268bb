package org.muniment.server.runtime;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.server.capture.SourceProgress;

/// Capture's progress, read back from the catalogue.
final class CatalogueProgress implements SourceProgress {

  private final Catalogue catalogue;
  private final CatalogueFollower follower;

  CatalogueProgress(Catalogue catalogue, CatalogueFollower follower) {
    this.catalogue = catalogue;
    this.follower = follower;
  }

  @Override
  public void follow() throws IOException {
    follower.catchUp();
  }

  @Override
  public Optional<MailboxId> mailboxOf(AccountName account, SourceText name) {
    return catalogue.mailboxes().find(account, name).map(Mailbox::id);
  }

  @Override
  public void sourceUids(MailboxId mailbox, UidValidity uidValidity, LongConsumer uids) {
    UidSet known = catalogue.mailboxes().sourceUids(mailbox, uidValidity);
    for (int i = 0; i < known.size(); i++) {
      uids.accept(known.at(i).value());
    }
  }
}
