package org.muniment.server.view.imap.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.muniment.archive.event.Uid;
import org.muniment.server.access.SeenMarks;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
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
  public int exists() {
    return captured.exists();
  }

  @Override
  public Uid uid(int sequence) {
    return captured.uid(sequence);
  }

  @Override
  public int firstFrom(long uid) {
    return captured.firstFrom(uid);
  }

  /// Empty also when the marks before it are too many.
  @Override
  public OptionalInt firstUnseen(int from) throws IOException {
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
    List<SeenMarks.Mark> some = marksOf(rows);
    List<MessageRow> read = new ArrayList<>(rows.size());
    int at = 0;
    for (MessageRow row : rows) {
      long uid = row.uid().value();
      while (at < some.size() && some.get(at).last() < uid) {
        at++;
      }
      boolean marked = at < some.size() && some.get(at).first() <= uid;
      read.add(row.withSeen(marked ? some.get(at).seen() : own && row.isSeen()));
    }
    return read;
  }

  private List<SeenMarks.Mark> marksOf(List<MessageRow> rows) {
    long last = rows.getLast().uid().value();
    List<SeenMarks.Mark> all = new ArrayList<>();
    List<SeenMarks.Mark> some;
    long next = rows.getFirst().uid().value();
    do {
      some = marks.within(user, summary().id(), next, last);
      all.addAll(some);
      next = all.isEmpty() ? last : all.getLast().last() + 1;
    } while (some.size() == SeenMarks.MAX_MARKS && next <= last);
    return all;
  }

  /// Marks messages.
  void mark(BitSet numbers, boolean seen) {
    List<SeenMarks.Mark> runs = new ArrayList<>();
    for (int from = numbers.nextSetBit(1); from > 0; ) {
      int to = numbers.nextClearBit(from) - 1;
      runs.add(new SeenMarks.Mark(uid(from).value(), uid(to).value(), seen));
      from = numbers.nextSetBit(to + 1);
    }
    marks.add(user, summary().id(), runs);
  }

  @Override
  public BitSet matching(TextKey key, BitSet candidates) throws IOException {
    return captured.matching(key, candidates);
  }
}
