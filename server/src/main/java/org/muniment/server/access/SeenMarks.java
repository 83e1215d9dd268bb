package org.muniment.server.access;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.UidRanges;

/// What users have seen and have marked as not seen, kept in [StateDatabase] as ranges of UIDs: a
/// whole mailbox costs as much as one message. Beside them stands when each range was marked last,
/// as MODSEQ (RFC 7162). Safe for use by many threads and processes.
public final class SeenMarks {

  /// Most marks in one call.
  public static final int MAX_MARKS = 1_000;

  private static final RowMapper<Mark> MARK =
      (row, context) ->
          new Mark(row.getLong("first"), row.getLong("last"), row.getInt("seen") == 1);

  /// The marks that reach into :first to :last. The one that begins before it is looked up by
  /// itself, since ranges do not overlap: without that all before it would be read.
  private static final String WITHIN = within("seen");

  private static final String CHANGES_WITHIN = within("seen_change");

  private static final String HIGHEST =
      "select max(modseq) from seen_change where user_name = :user and mailbox = :mailbox";

  private static final RowMapper<Change> CHANGE =
      (row, context) ->
          new Change(row.getLong("first"), row.getLong("last"), row.getLong("modseq"));

  private final Jdbi jdbi;

  private SeenMarks(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  private static String within(String table) {
    return """
    from %1$s where user_name = :user and mailbox = :mailbox
      and first <= :last and last >= :first and first >= coalesce(
        (select max(first) from %1$s
         where user_name = :user and mailbox = :mailbox and first < :first), 0)
    """
        .formatted(table);
  }

  /// Those in `database`.
  public static SeenMarks of(StateDatabase database) {
    return new SeenMarks(database.jdbi());
  }

  /// UIDs of a mailbox, from `first` to `last`, both included, that were marked alike.
  public record Mark(long first, long last, boolean seen) {

    /// @throws IllegalArgumentException when it ends before it begins
    public Mark {
      if (last < first) {
        throw new IllegalArgumentException("from " + first + " to " + last);
      }
    }

    boolean joins(Mark other) {
      return seen == other.seen && first <= other.last + 1 && other.first <= last + 1;
    }

    Mark with(Mark other) {
      return new Mark(Math.min(first, other.first), Math.max(last, other.last), seen);
    }
  }

  /// The marks of a user that reach into a range of UIDs, in order; the first [#MAX_MARKS] of them.
  public List<Mark> within(String user, MailboxId mailbox, long first, long last) {
    return within(user, mailbox, first, last, MAX_MARKS);
  }

  private List<Mark> within(String user, MailboxId mailbox, long first, long last, int most) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select first, last, seen " + WITHIN + " order by first limit :most")
                .bind("user", user)
                .bind("mailbox", mailbox.value())
                .bind("first", first)
                .bind("last", last)
                .bind("most", most)
                .map(MARK)
                .list());
  }

  /// The first mark of a user that reaches to `uid` or beyond.
  public Optional<Mark> from(String user, MailboxId mailbox, long uid) {
    return within(user, mailbox, uid, Long.MAX_VALUE, 1).stream().findFirst();
  }

  /// UIDs of a mailbox, from `first` to `last`, both included, that were marked last in one call.
  public record Change(long first, long last, long modSeq) {}

  /// When UIDs of a range were marked last, in order; the first [#MAX_MARKS] of them.
  public List<Change> changesWithin(String user, MailboxId mailbox, long first, long last) {
    return jdbi.withHandle(
        handle ->
            new Place(handle, user, mailbox.value())
                .bound(
                    handle.createQuery(
                        "select first, last, modseq "
                            + CHANGES_WITHIN
                            + " order by first limit :most"),
                    first,
                    last)
                .bind("most", MAX_MARKS)
                .map(CHANGE)
                .list());
  }

  /// What a user has marked with a MODSEQ above `modSeq`. Costs as much as there is.
  public UidRanges changedSince(String user, MailboxId mailbox, long modSeq) {
    UidRanges.Builder uids = new UidRanges.Builder();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select first, last, modseq from seen_change
                    where user_name = :user and mailbox = :mailbox and modseq > :modseq
                    """)
                .bind("user", user)
                .bind("mailbox", mailbox.value())
                .bind("modseq", modSeq)
                .map(CHANGE)
                .forEach(change -> uids.add(change.first(), change.last())));
    return uids.build();
  }

  /// The highest MODSEQ that a user's marks of a mailbox ever got, 0 without any.
  public long highestModSeq(String user, MailboxId mailbox) {
    return jdbi.withHandle(handle -> new Place(handle, user, mailbox.value()).highest());
  }

  /// Marks UIDs; what was marked there before gives way.
  ///
  /// @param floor the MODSEQ is above this one, and above all that the user's marks of the mailbox
  ///   ever got
  /// @param unchangedSince nothing is marked when any of them has been marked with a MODSEQ above
  /// @return the MODSEQ of all of them, empty when nothing was marked
  public OptionalLong add(
      String user, MailboxId mailbox, Collection<Mark> marks, long floor, long unchangedSince) {
    return jdbi.inTransaction(
        handle -> {
          Place place = new Place(handle, user, mailbox.value());
          if (marks.stream().anyMatch(mark -> place.isChanged(mark, unchangedSince))) {
            return OptionalLong.empty();
          }
          long modSeq = Math.max(floor, place.highest()) + 1;
          for (Mark mark : marks) {
            place.add(mark);
            place.change(new Change(mark.first(), mark.last(), modSeq));
          }
          return OptionalLong.of(modSeq);
        });
  }

  private record Place(Handle handle, String user, String mailbox) {

    private <S extends SqlStatement<S>> S bound(S statement, long first, long last) {
      return statement
          .bind("user", user)
          .bind("mailbox", mailbox)
          .bind("first", first)
          .bind("last", last);
    }

    long highest() {
      return handle
          .createQuery(HIGHEST)
          .bind("user", user)
          .bind("mailbox", mailbox)
          .mapTo(Long.class)
          .findOne()
          .orElse(0L);
    }

    boolean isChanged(Mark mark, long since) {
      return since < Long.MAX_VALUE
          && bound(
                  handle.createQuery("select 1 " + CHANGES_WITHIN + " and modseq > :since limit 1"),
                  mark.first(),
                  mark.last())
              .bind("since", since)
              .mapTo(Integer.class)
              .findOne()
              .isPresent();
    }

    /// What was changed there before gives way.
    void change(Change change) {
      List<Change> before =
          bound(
                  handle.createQuery("select first, last, modseq " + CHANGES_WITHIN),
                  change.first(),
                  change.last())
              .map(CHANGE)
              .list();
      bound(
              handle.createUpdate(
                  """
                  delete from seen_change where user_name = :user and mailbox = :mailbox
                    and first in (select first
                  """
                      + CHANGES_WITHIN
                      + ")"),
              change.first(),
              change.last())
          .execute();
      for (Change old : before) {
        insert(old.first(), change.first() - 1, old.modSeq());
        insert(change.last() + 1, old.last(), old.modSeq());
      }
      insert(change.first(), change.last(), change.modSeq());
    }

    private void insert(long first, long last, long modSeq) {
      if (first <= last) {
        bound(
                handle.createUpdate(
                    """
                    insert into seen_change (user_name, mailbox, first, last, modseq)
                    values (:user, :mailbox, :first, :last, :modseq)
                    """),
                first,
                last)
            .bind("modseq", modSeq)
            .execute();
      }
    }

    void add(Mark mark) {
      // One more on each side, for those that the mark joins.
      long first = mark.first() - 1;
      long last = mark.last() + 1;
      List<Mark> near =
          bound(handle.createQuery("select first, last, seen " + WITHIN), first, last)
              .map(MARK)
              .list();
      Mark whole = mark;
      for (Mark other : near) {
        bound(
                handle.createUpdate(
                    """
                    delete from seen where user_name = :user and mailbox = :mailbox
                      and first = :first and last = :last
                    """),
                other.first(),
                other.last())
            .execute();
        if (other.joins(whole)) {
          whole = whole.with(other);
        } else {
          keep(other, mark);
        }
      }
      insert(whole);
    }

    /// What of `old` lies outside of `mark`.
    private void keep(Mark old, Mark mark) {
      if (old.first() < mark.first()) {
        insert(new Mark(old.first(), Math.min(old.last(), mark.first() - 1), old.seen()));
      }
      if (old.last() > mark.last()) {
        insert(new Mark(Math.max(old.first(), mark.last() + 1), old.last(), old.seen()));
      }
    }

    private void insert(Mark mark) {
      bound(
              handle.createUpdate(
                  """
                  insert into seen (user_name, mailbox, first, last, seen)
                  values (:user, :mailbox, :first, :last, :seen)
                  """),
              mark.first(),
              mark.last())
          .bind("seen", mark.seen() ? 1 : 0)
          .execute();
    }
  }
}
