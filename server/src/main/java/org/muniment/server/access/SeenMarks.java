package org.muniment.server.access;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;
import org.muniment.archive.event.MailboxId;

/// What users have seen and have marked as not seen, kept in [StateDatabase] as ranges of UIDs: a
/// whole mailbox costs as much as one message. Safe for use by many threads and processes.
public final class SeenMarks {

  /// Most marks in one call.
  public static final int MAX_MARKS = 1_000;

  private static final RowMapper<Mark> MARK =
      (row, context) ->
          new Mark(row.getLong("first"), row.getLong("last"), row.getInt("seen") == 1);

  /// The marks that reach into :first to :last. The one that begins before it is looked up by
  /// itself, since ranges do not overlap: without that all before it would be read.
  private static final String WITHIN =
      """
      from seen where user_name = :user and mailbox = :mailbox
        and first <= :last and last >= :first and first >= coalesce(
          (select max(first) from seen
           where user_name = :user and mailbox = :mailbox and first < :first), 0)
      """;

  private final Jdbi jdbi;

  private SeenMarks(Jdbi jdbi) {
    this.jdbi = jdbi;
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

  /// Marks UIDs; what was marked there before gives way.
  public void add(String user, MailboxId mailbox, Collection<Mark> marks) {
    jdbi.useTransaction(
        handle -> {
          Place place = new Place(handle, user, mailbox.value());
          marks.forEach(place::add);
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
