package org.muniment.server.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;
import org.muniment.server.selection.Selected;

/// Which messages of which mailboxes are to be restored, written into a checkpoint.
record Plan(AccountName account, Selected selected) {

  /// A mailbox of which something is to be restored, or the mailbox itself.
  record Planned(Mailbox mailbox, long messages, long octets) {}

  /// Writes the plan down.
  List<Planned> into(Checkpoint checkpoint) throws IOException {
    checkpoint.beginPlan();
    List<Planned> planned = new ArrayList<>();
    for (Mailbox mailbox : selected.mailboxes(account)) {
      checkpoint.plan(mailbox, List.of());
      Writing writing = new Writing(mailbox, checkpoint);
      selected.each(mailbox, 0, writing);
      if (selected.holds(mailbox, writing.messages)) {
        planned.add(new Planned(mailbox, writing.messages, writing.octets));
      }
    }
    return planned;
  }

  private static final class Writing implements Selected.Taker {
    private final Mailbox mailbox;
    private final Checkpoint checkpoint;
    private long messages;
    private long octets;

    Writing(Mailbox mailbox, Checkpoint checkpoint) {
      this.mailbox = mailbox;
      this.checkpoint = checkpoint;
    }

    @Override
    public boolean take(List<Past.Then> some) {
      checkpoint.plan(mailbox, some);
      messages += some.size();
      octets += some.stream().mapToLong(Past.Then::length).sum();
      return true;
    }
  }
}
