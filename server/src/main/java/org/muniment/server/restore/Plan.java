package org.muniment.server.restore;

import java.io.IOException;
import java.util.List;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.server.selection.Selected;

/// Which messages of which mailboxes are to be restored, written into a checkpoint. What a mailbox
/// that presents all messages (`\All`, RFC 6154 section 2; All Mail of Gmail) has of the others is
/// restored to those only.
record Plan(AccountName account, Selected selected) {

  /// A mailbox of which something is to be restored, or the mailbox itself.
  record Planned(Mailbox mailbox, long messages, long octets) {}

  /// Writes the plan down.
  List<Planned> into(Checkpoint checkpoint) throws IOException {
    checkpoint.beginPlan();
    List<Mailbox> mailboxes = selected.mailboxes(account);
    for (Mailbox mailbox : mailboxes) {
      checkpoint.plan(mailbox, List.of());
      selected.each(
          mailbox,
          0,
          some -> {
            checkpoint.plan(mailbox, some);
            return true;
          });
    }
    mailboxes.stream().filter(Plan::presentsAll).forEach(checkpoint::leaveToOthers);
    return mailboxes.stream().map(checkpoint::planned).filter(this::isPart).toList();
  }

  private static boolean presentsAll(Mailbox mailbox) {
    return mailbox.attributes().stream().anyMatch("\\All"::equalsIgnoreCase);
  }

  private boolean isPart(Planned one) {
    return one.messages > 0 || (!presentsAll(one.mailbox) && selected.holds(one.mailbox, 0));
  }
}
