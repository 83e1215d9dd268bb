package org.muniment.server.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Counts;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;
import org.muniment.indexer.catalog.Receipt;
import org.muniment.indexer.catalog.Row;

/// A mailbox of the catalogue at a position of the log.
record CataloguedPast(Catalogue catalogue, Mailbox mailbox, long position) implements PastMailbox {

  @Override
  public MailboxSummary summary() {
    Counts then = catalogue.past().counts(mailbox, position);
    MailboxSummary now = PersonalReadModel.summary(mailbox);
    return new MailboxSummary(
        now.id(),
        now.account(),
        now.path(),
        now.attributes(),
        now.uidValidity(),
        now.uidNext(),
        then.messages(),
        then.unseen(),
        then.octets());
  }

  @Override
  public @Nullable Instant observed() {
    return catalogue.receipts(mailbox.account(), position, 1).stream()
        .map(Receipt::ended)
        .findFirst()
        .orElse(null);
  }

  @Override
  public List<MessageRow> before(long uid, int limit) {
    List<Past.Then> page = catalogue.past().page(mailbox, position, uid, limit);
    Map<Uid, Row> rows = rows(page.stream().map(Past.Then::uid).toList());
    List<MessageRow> before = new ArrayList<>();
    for (Past.Then then : page) {
      Row row = Objects.requireNonNull(rows.get(then.uid()));
      before.add(
          new MessageRow(
              0,
              row.uid(),
              row.content(),
              row.length(),
              then.location(),
              row.internalDate(),
              row.captured(),
              row.sentDate(),
              PersonalReadModel.flags(then.flags()),
              ModSeq.of(row.changed()),
              row.structure()));
    }
    return before;
  }

  private Map<Uid, Row> rows(List<Uid> uids) {
    Map<Uid, Row> rows = new HashMap<>();
    List<Uid> rest = uids;
    while (!rest.isEmpty()) {
      List<Row> some = catalogue.messages().rows(mailbox, rest, true);
      some.forEach(row -> rows.put(row.uid(), row));
      rest =
          some.isEmpty() ? List.of() : rest.stream().filter(uid -> !rows.containsKey(uid)).toList();
    }
    return rows;
  }
}
