package org.muniment.indexer.catalog;

import java.sql.ResultSet;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;

/// Sets of message numbers: who has a message, and where. Kept as bitmaps and grown by what was
/// added since they were last asked for.
public final class MessageSets {

  /// Sets that are kept.
  private static final int MAX_KEPT = 256;

  private static final String FROM_ALL =
      """
      SELECT p.message FROM placement p JOIN mailbox m ON m.number = p.mailbox
        JOIN account a ON a.number = m.account
      """;

  // The plus keeps the planner from walking whole mailboxes where few entries are new.
  private static final String FROM_NEW =
      """
      SELECT p.message FROM placement p JOIN mailbox m ON m.number = +p.mailbox
        JOIN account a ON a.number = +m.account
      """;

  private final Jdbi reading;
  private final Map<Scope, Kept> kept = new Recent<>(MAX_KEPT);

  MessageSets(Jdbi reading) {
    this.reading = reading;
  }

  /// Which messages a set holds. A message is in it when one of its places is.
  public sealed interface Scope {
    /// All places of an account.
    record Account(AccountName account) implements Scope {}

    /// A mailbox, by its number in this catalogue.
    record InMailbox(int number) implements Scope {}

    /// The places of an account that had a flag at capture.
    ///
    /// @param flag compared without regard to case; octets as ISO-8859-1
    record Flagged(AccountName account, String flag) implements Scope {}
  }

  private record Kept(long position, BitSet numbers) {}

  /// The messages that are in any of some scopes, as of the catalogue's present position.
  ///
  /// @return a fresh set
  public BitSet union(Set<? extends Scope> scopes) {
    BitSet union = new BitSet();
    for (Scope scope : scopes) {
      union.or(numbers(scope));
    }
    return union;
  }

  /// How many messages of a set each of some mailboxes has, in one pass over the placements where
  /// the mailboxes are more than the sets that are kept.
  ///
  /// @param mailboxes by their numbers in this catalogue
  /// @return by number of the mailbox; those that have none of the messages are left out
  public Map<Integer, Integer> perMailbox(Set<Integer> mailboxes, BitSet messages) {
    return mailboxes.size() <= MAX_KEPT / 2
        ? fromKept(mailboxes, messages)
        : reading.withHandle(handle -> inOnePass(handle, mailboxes, messages));
  }

  private Map<Integer, Integer> fromKept(Set<Integer> mailboxes, BitSet messages) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int mailbox : mailboxes) {
      BitSet common = union(Set.of(new Scope.InMailbox(mailbox)));
      common.and(messages);
      if (!common.isEmpty()) {
        counts.put(mailbox, common.cardinality());
      }
    }
    return counts;
  }

  private static Map<Integer, Integer> inOnePass(
      Handle handle, Set<Integer> mailboxes, BitSet messages) {
    return handle
        .createQuery("SELECT p.mailbox, p.message FROM placement p ORDER BY p.mailbox")
        .scanResultSet(
            (rows, context) -> {
              Map<Integer, Integer> counts = new HashMap<>();
              BitSet counted = new BitSet();
              int mailbox = 0;
              ResultSet row = rows.get();
              while (row.next()) {
                if (row.getInt(1) != mailbox) {
                  mailbox = row.getInt(1);
                  counted.clear();
                }
                int message = row.getInt(2);
                if (messages.get(message) && mailboxes.contains(mailbox) && !counted.get(message)) {
                  counted.set(message);
                  counts.merge(mailbox, 1, Integer::sum);
                }
              }
              return counts;
            });
  }

  void forget() {
    synchronized (kept) {
      kept.clear();
    }
  }

  private BitSet numbers(Scope scope) {
    return reading.inTransaction(
        handle -> {
          long position = handle.select("SELECT entries FROM position").mapTo(Long.class).one();
          @Nullable Kept known = known(scope, position);
          if (known != null && known.position == position) {
            return known.numbers;
          }
          BitSet numbers = known == null ? new BitSet() : (BitSet) known.numbers.clone();
          add(handle, scope, known == null ? 0 : known.position, numbers);
          synchronized (kept) {
            kept.put(scope, new Kept(position, numbers));
          }
          return numbers;
        });
  }

  private @Nullable Kept known(Scope scope, long position) {
    synchronized (kept) {
      Kept known = kept.get(scope);
      return known == null || known.position > position ? null : known;
    }
  }

  private static void add(Handle handle, Scope scope, long from, BitSet numbers) {
    String source = from == 0 ? FROM_ALL : FROM_NEW;
    String range = from == 0 ? "" : " AND p.leaf >= :from";
    Query query =
        switch (scope) {
          case Scope.Account(AccountName account) ->
              handle
                  .createQuery(source + "WHERE a.name = :account" + range)
                  .bind("account", account.value());
          case Scope.InMailbox(int number) ->
              handle
                  .createQuery(
                      "SELECT p.message FROM placement p WHERE "
                          + (from == 0 ? "" : "+")
                          + "p.mailbox = :mailbox"
                          + range)
                  .bind("mailbox", number);
          case Scope.Flagged(AccountName account, String flag) ->
              handle
                  .createQuery(
                      source
                          + "WHERE a.name = :account AND lower(p.flags) LIKE :flag ESCAPE '!'"
                          + range)
                  .bind("account", account.value())
                  .bind("flag", FlagText.pattern(flag));
        };
    if (from != 0) {
      query.bind("from", from);
    }
    query.scanResultSet(
        (rows, context) -> {
          ResultSet row = rows.get();
          while (row.next()) {
            numbers.set(row.getInt(1));
          }
          return numbers;
        });
  }
}
