package org.muniment.server.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.indexer.mail.ListedFields;

/// A mailbox as it was, with the flags of then: what was at the source as far as it had been
/// observed. Does not change.
///
/// @param now the mailbox with whatever was ever in it
/// @param position number of log entries that count
record PastView(
    CataloguedMailbox now, Catalogue catalogue, MailboxSummary summary, UidSet uids, long position)
    implements MailboxView {

  /// Those that are gone through at once, in the whole server.
  private static final Semaphore FREE = new Semaphore(2, /* fair= */ true);

  /// Goes through the mailbox.
  static PastView of(CataloguedMailbox now, Mailbox mailbox, Catalogue catalogue, long position) {
    FREE.acquireUninterruptibly();
    try {
      return found(now, mailbox, catalogue, position);
    } finally {
      FREE.release();
    }
  }

  private static PastView found(
      CataloguedMailbox now, Mailbox mailbox, Catalogue catalogue, long position) {
    UidRanges.Builder uids = new UidRanges.Builder();
    long next = 1;
    long messages = 0;
    long unseen = 0;
    long octets = 0;
    List<Past.Then> some = catalogue.past().rows(mailbox, position, 0);
    while (!some.isEmpty()) {
      for (Past.Then then : some) {
        next = then.uid().value() + 1;
        if (then.there()) {
          uids.accept(then.uid().value());
          messages++;
          octets += then.length();
          unseen += isSeen(then) ? 0 : 1;
        }
      }
      some = catalogue.past().rows(mailbox, position, next - 1);
    }
    MailboxSummary summary =
        new MailboxSummary(
            id(mailbox.id(), position),
            mailbox.account(),
            mailbox.path(),
            Set.of(),
            new UidValidity(position + 1),
            next,
            messages,
            unseen,
            octets);
    UidSet there = UidSet.of(uids.build());
    return new PastView((CataloguedMailbox) now.with(there), catalogue, summary, there, position);
  }

  private static MailboxId id(MailboxId mailbox, long position) {
    byte[] digest =
        VirtualMailboxes.sha256()
            .digest(("past " + position + " " + mailbox).getBytes(StandardCharsets.UTF_8));
    return new MailboxId(HexFormat.of().formatHex(digest, 0, 8));
  }

  private static boolean isSeen(Past.Then then) {
    return PersonalReadModel.flags(then.flags()).stream().anyMatch("\\Seen"::equalsIgnoreCase);
  }

  @Override
  public Kind kind() {
    return Kind.PAST;
  }

  @Override
  public MailboxView with(UidSet messages) {
    return new PastView(
        (CataloguedMailbox) now.with(messages), catalogue, summary, messages, position);
  }

  @Override
  public long highestModSeq() {
    return ModSeq.FIRST;
  }

  @Override
  public Changes changedSince(long modSeq) {
    return Changes.NONE;
  }

  @Override
  public long modSeqNow() {
    return ModSeq.FIRST;
  }

  @Override
  public OptionalInt firstUnseen(int from) {
    for (int at = from; at <= exists() && summary.unseen() > 0; at += MAX_ROWS) {
      for (MessageRow row : rows(at, Math.min(at + MAX_ROWS - 1, exists()), false)) {
        if (!row.isSeen()) {
          return OptionalInt.of(row.sequence());
        }
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public long unseen(int from, int to) {
    if (from == 1 && to == exists()) {
      return summary.unseen();
    }
    long unseen = 0;
    for (int at = from; at <= to; at += MAX_ROWS) {
      unseen +=
          rows(at, Math.min(at + MAX_ROWS - 1, to), false).stream()
              .filter(row -> !row.isSeen())
              .count();
    }
    return unseen;
  }

  @Override
  public long deleted() {
    long deleted = 0;
    for (int at = 1; at <= exists(); at += MAX_ROWS) {
      deleted +=
          rows(at, Math.min(at + MAX_ROWS - 1, exists()), false).stream()
              .filter(row -> row.flags().stream().anyMatch("\\Deleted"::equalsIgnoreCase))
              .count();
    }
    return deleted;
  }

  @Override
  public List<MessageRow> rows(int from, int to, boolean structure) {
    Map<Uid, Past.Then> then = then(uid(from).value(), uid(to).value());
    return now.rows(from, to, structure).stream().map(row -> asItWas(row, then)).toList();
  }

  private static MessageRow asItWas(MessageRow row, Map<Uid, Past.Then> then) {
    return row.withFlags(
        PersonalReadModel.flags(Objects.requireNonNull(then.get(row.uid())).flags()));
  }

  private Map<Uid, Past.Then> then(long from, long to) {
    List<Past.Then> all = new ArrayList<>();
    long after = from - 1;
    List<Past.Then> some;
    do {
      some = catalogue.past().rows(now.snapshot().mailbox(), position, after);
      all.addAll(some);
      after = some.isEmpty() ? to : some.getLast().uid().value();
    } while (after < to);
    return all.stream()
        .filter(row -> row.there() && row.uid().value() <= to)
        .collect(Collectors.toMap(Past.Then::uid, Function.identity()));
  }

  @Override
  public Map<Uid, ListedFields> listed(List<MessageRow> rows) {
    return now.listed(rows);
  }

  @Override
  public BitSet having(ContentId content) {
    return now.having(content);
  }

  @Override
  public BitSet matching(TextKey key, BitSet candidates) throws IOException {
    return now.matching(key, candidates);
  }
}
