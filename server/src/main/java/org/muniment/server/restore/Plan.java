package org.muniment.server.restore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;

/// Which messages of which mailboxes are to be restored: read from the catalogue page by page into
/// a checkpoint.
final class Plan {

  private final Catalogue catalogue;
  private final Selection selection;
  private final long position;
  private final @Nullable BitSet numbers;

  /// @param position of the log, as of which
  /// @param numbers of the messages that the query of the selection finds, null when it has none
  Plan(Catalogue catalogue, Selection selection, long position, @Nullable BitSet numbers) {
    this.catalogue = catalogue;
    this.selection = selection;
    this.position = position;
    this.numbers = numbers;
  }

  /// A mailbox of which something is to be restored, or the mailbox itself.
  record Planned(Mailbox mailbox, long messages, long octets) {}

  /// Writes the plan down.
  List<Planned> into(Checkpoint checkpoint) {
    checkpoint.beginPlan();
    List<Planned> planned = new ArrayList<>();
    for (Mailbox mailbox : catalogue.mailboxes().of(selection.account())) {
      if (isSelected(mailbox)) {
        Planned one = plan(mailbox, checkpoint);
        if (one.messages > 0 || (numbers == null && mailbox.listed())) {
          planned.add(one);
        }
      }
    }
    return planned;
  }

  private boolean isSelected(Mailbox mailbox) {
    String name = String.join("/", mailbox.path());
    String wanted = selection.mailbox();
    return wanted.isEmpty()
        || name.equals(wanted)
        || name.startsWith(wanted + "/")
        || (wanted.equalsIgnoreCase("INBOX") && name.equalsIgnoreCase(wanted));
  }

  private Planned plan(Mailbox mailbox, Checkpoint checkpoint) {
    long messages = 0;
    long octets = 0;
    checkpoint.plan(mailbox, List.of());
    List<Past.Then> page = catalogue.past().rows(mailbox, position, 0);
    while (!page.isEmpty()) {
      List<Past.Then> some = page.stream().filter(this::isSelected).toList();
      checkpoint.plan(mailbox, some);
      messages += some.size();
      octets += some.stream().mapToLong(Past.Then::length).sum();
      page = catalogue.past().rows(mailbox, position, page.getLast().uid().value());
    }
    return new Planned(mailbox, messages, octets);
  }

  private boolean isSelected(Past.Then row) {
    return (row.there() || (selection.withGone() && !row.moved()))
        && (numbers == null || numbers.get(row.message()));
  }
}
