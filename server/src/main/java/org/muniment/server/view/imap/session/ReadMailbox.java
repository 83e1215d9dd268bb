package org.muniment.server.view.imap.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.server.access.SeenMarks;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.TextKey;

/// A mailbox as one user reads it: `\Seen` is theirs. Where they have not marked anything it is
/// what was captured in an account of their own, and nothing in one of somebody else.
///
/// @param own whether the account is their own
record ReadMailbox(MailboxView captured, SeenMarks marks, String user, boolean own)
    implements MailboxView {

  /// Most marks that are looked at to find the first unseen message.
  private static final int MAX_STEPS = 1_000;

  @Override
  public MailboxSummary summary() {
    return captured.summary();
  }

  @Override
  public UidSet uids() {
    return captured.uids();
  }

  @Override
  public Kind kind() {
    return captured.kind();
  }

  @Override
  public boolean isReadableBy(ReadModel model) {
    return captured.isReadableBy(model);
  }

  @Override
  public long octets() {
    return captured.octets();
  }

  @Override
  public MailboxView with(UidSet messages) {
    return new ReadMailbox(captured.with(messages), marks, user, own);
  }

  /// That of the user's marks is the one of now.
  @Override
  public long highestModSeq() {
    return Math.max(captured.highestModSeq(), marks.highestModSeq(user, summary().id()));
  }

  @Override
  public Changes changedSince(long modSeq) {
    Changes changes = captured.changedSince(modSeq);
    UidRanges marked = marks.changedSince(user, summary().id(), modSeq);
    return marked.isEmpty()
        ? changes
        : new Changes(
            changes.here().or(marked.and(uids().ranges()).minus(changes.left())), changes.left());
  }

  @Override
  public long modSeqNow() {
    return captured.modSeqNow();
  }

  /// Empty also when the marks before it are too many, and where it takes long to find.
  @Override
  public OptionalInt firstUnseen(int from) throws IOException {
    if (kind() == Kind.VIRTUAL) {
      return OptionalInt.empty();
    }
    int at = from;
    for (int step = 0; step < MAX_STEPS && at <= exists(); step++) {
      var mark = marks.from(user, summary().id(), uid(at).value());
      OptionalInt unmarked = unmarkedUnseen(at);
      int marked = mark.isEmpty() ? exists() + 1 : Math.max(at, firstFrom(mark.get().first()));
      if (unmarked.isPresent() && unmarked.getAsInt() < marked) {
        return unmarked;
      }
      if (mark.isEmpty()) {
        return OptionalInt.empty();
      }
      int behind = firstFrom(mark.get().last() + 1);
      if (!mark.get().seen() && marked < behind) {
        return OptionalInt.of(marked);
      }
      at = Math.max(at, behind);
    }
    return OptionalInt.empty();
  }

  private OptionalInt unmarkedUnseen(int from) throws IOException {
    return own ? captured.firstUnseen(from) : OptionalInt.of(from);
  }

  @Override
  public long unseen(int from, int to) throws IOException {
    if (from > to) {
      return 0;
    }
    long count = unmarkedUnseen(from, to);
    long last = uid(to).value();
    long next = uid(from).value();
    List<SeenMarks.Mark> some;
    do {
      some = marks.within(user, summary().id(), next, last);
      for (SeenMarks.Mark mark : some) {
        int first = Math.max(from, firstFrom(mark.first()));
        int end = Math.min(to, firstFrom(mark.last() + 1) - 1);
        if (first <= end) {
          count += (mark.seen() ? 0 : end - first + 1) - unmarkedUnseen(first, end);
        }
        next = mark.last() + 1;
      }
    } while (some.size() == SeenMarks.MAX_MARKS && next <= last);
    return count;
  }

  private long unmarkedUnseen(int from, int to) throws IOException {
    return own ? captured.unseen(from, to) : to - from + 1;
  }

  @Override
  public long deleted() throws IOException {
    return captured.deleted();
  }

  @Override
  public List<MessageRow> rows(int from, int to, boolean structure) throws IOException {
    List<MessageRow> rows = captured.rows(from, to, structure);
    if (rows.isEmpty()) {
      return rows;
    }
    // There are no more marks than rows that they touch, but for those between UIDs.
    List<SeenMarks.Mark> some = all(rows, marks::within, SeenMarks.Mark::last);
    List<SeenMarks.Change> changes = all(rows, marks::changesWithin, SeenMarks.Change::last);
    List<MessageRow> read = new ArrayList<>(rows.size());
    int at = 0;
    int changeAt = 0;
    for (MessageRow row : rows) {
      long uid = row.uid().value();
      while (at < some.size() && some.get(at).last() < uid) {
        at++;
      }
      while (changeAt < changes.size() && changes.get(changeAt).last() < uid) {
        changeAt++;
      }
      boolean marked = at < some.size() && some.get(at).first() <= uid;
      boolean changed = changeAt < changes.size() && changes.get(changeAt).first() <= uid;
      read.add(
          row.withSeen(marked ? some.get(at).seen() : own && row.isSeen())
              .withModSeq(changed ? changes.get(changeAt).modSeq() : 0));
    }
    return read;
  }

  @Override
  public Map<Uid, ListedFields> listed(List<MessageRow> rows) throws IOException {
    return captured.listed(rows);
  }

  /// Gives what reaches into a range of UIDs, in order, the first [SeenMarks#MAX_MARKS] of it.
  private interface Lookup<T> {
    List<T> within(String user, MailboxId mailbox, long first, long last);
  }

  private <T> List<T> all(List<MessageRow> rows, Lookup<T> lookup, ToLongFunction<T> end) {
    long last = rows.getLast().uid().value();
    List<T> all = new ArrayList<>();
    List<T> some;
    long next = rows.getFirst().uid().value();
    do {
      some = lookup.within(user, summary().id(), next, last);
      all.addAll(some);
      next = all.isEmpty() ? last : end.applyAsLong(all.getLast()) + 1;
    } while (some.size() == SeenMarks.MAX_MARKS && next <= last);
    return all;
  }

  /// Marks messages.
  ///
  /// @param unchangedSince nothing is marked when any of them has been marked with a MODSEQ above
  /// @return their MODSEQ now, empty when nothing was marked
  OptionalLong mark(BitSet numbers, boolean seen, long unchangedSince) {
    UidRanges.Builder runs = new UidRanges.Builder();
    for (int from = numbers.nextSetBit(1); from > 0; ) {
      int to = numbers.nextClearBit(from) - 1;
      runs.add(uid(from).value(), uid(to).value());
      from = numbers.nextSetBit(to + 1);
    }
    // What lies between messages is marked with them, which makes fewer marks, unless it matters.
    UidRanges uids =
        unchangedSince == Long.MAX_VALUE ? runs.build() : runs.build().and(uids().ranges());
    List<SeenMarks.Mark> some =
        uids.ranges().stream()
            .map(range -> new SeenMarks.Mark(range.first(), range.last(), seen))
            .toList();
    return marks.add(user, summary().id(), some, modSeqNow(), unchangedSince);
  }

  @Override
  public BitSet having(ContentId content) {
    return captured.having(content);
  }

  @Override
  public BitSet matching(TextKey key, BitSet candidates) throws IOException {
    return captured.matching(key, candidates);
  }
}
