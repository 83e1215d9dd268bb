package org.muniment.indexer.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.muniment.archive.Location;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;

/// What came to journal mailboxes: what was found in it, and what nobody has looked at yet.
public final class Transmissions {

  /// The result of a journal report, which counts by this word.
  public static final String REPORT = "report";

  /// The result of ordinary mail.
  public static final String ORDINARY = "ordinary";

  /// The result of a report that is not understood.
  public static final String BROKEN = "broken";

  /// Most rows in one call.
  public static final int MAX_ROWS = 100;

  /// Octets of events after which a call gives no more: a report may name thousands.
  static final int MAX_OCTETS = 1 << 20;

  private static final String WITHOUT =
      """
      FROM placement p WHERE p.mailbox = :mailbox AND NOT EXISTS (
        SELECT 1 FROM unwrapped u WHERE u.mailbox = p.mailbox AND u.uid = p.uid)
      """;

  private static final String PENDING =
      """
      SELECT p.*, m.content, m.location, o.protocol, o.host, o.user_name
      FROM placement p JOIN message m ON m.number = p.message JOIN origin o ON o.number = p.origin
      WHERE p.mailbox = :mailbox AND p.uid > :after AND NOT EXISTS (
        SELECT 1 FROM unwrapped u WHERE u.mailbox = p.mailbox AND u.uid = p.uid)
      ORDER BY p.uid LIMIT :limit
      """;

  // The plus keeps the planner from walking a whole mailbox where few entries are new.
  private static final String PLACED_LAST =
      """
      SELECT m.content FROM placement p JOIN message m ON m.number = p.message
      WHERE +p.mailbox = (SELECT number FROM mailbox WHERE id = :into)
        AND p.leaf > COALESCE((SELECT MAX(u.leaf) FROM unwrapped u
          WHERE u.mailbox = (SELECT number FROM mailbox WHERE id = :journal)), -1)
      ORDER BY p.leaf DESC LIMIT 1
      """;

  private static final String UNWRAPPED =
      """
      SELECT u.leaf, u.message, u.event, c.content
      FROM unwrapped u JOIN placement p ON p.mailbox = u.mailbox AND p.uid = u.uid
        JOIN message c ON c.number = p.message
      """;

  private static final String OF_MESSAGE =
      """
        JOIN mailbox b ON b.number = u.mailbox JOIN account a ON a.number = b.account
      WHERE u.message = :message AND a.name IN (<accounts>) ORDER BY u.leaf LIMIT :most
      """;

  private static final String COUNTS =
      """
      SELECT u.result, COUNT(*) FROM unwrapped u JOIN mailbox m ON m.number = u.mailbox
        JOIN account a ON a.number = m.account
      WHERE a.name = ? GROUP BY u.result
      """;

  private final Jdbi reading;

  Transmissions(Jdbi reading) {
    this.reading = reading;
  }

  /// The word for what was found.
  public static String result(Event.Finding finding) {
    return switch (finding) {
      case Event.JournalReport report -> REPORT;
      case Event.OrdinaryMail ordinary -> ORDINARY;
      case Event.BrokenReport broken -> BROKEN;
    };
  }

  /// A message in a mailbox that nobody has looked at.
  ///
  /// @param uid in the view
  public record Pending(
      Uid uid,
      ContentId content,
      Location location,
      Event.SourceId source,
      Instant internalDate,
      Event.Provenance provenance) {}

  /// Number of messages in a mailbox that nobody has looked at. Quick where there are none.
  public long pending(MailboxId mailbox) {
    return reading.inTransaction(
        handle -> {
          Optional<Mailbox> found = Mailboxes.find(handle, mailbox);
          if (found.isEmpty()) {
            return 0L;
          }
          long looked =
              handle
                  .select("SELECT COUNT(*) FROM unwrapped WHERE mailbox = ?", found.get().number())
                  .mapTo(Long.class)
                  .one();
          return looked == found.get().messages()
              ? 0L
              : handle
                  .createQuery("SELECT COUNT(*) " + WITHOUT)
                  .bind("mailbox", found.get().number())
                  .mapTo(Long.class)
                  .one();
        });
  }

  /// The messages in a mailbox that nobody has looked at, in order of UID.
  ///
  /// @param after UID after which to begin, 0 for all
  public List<Pending> pending(MailboxId mailbox, long after, int limit) {
    return reading.inTransaction(
        handle ->
            Mailboxes.find(handle, mailbox)
                .map(
                    found ->
                        handle
                            .createQuery(PENDING)
                            .bind("mailbox", found.number())
                            .bind("after", after)
                            .bind("limit", limit)
                            .map((row, context) -> pending(row))
                            .list())
                .orElse(List.of()));
  }

  private static Pending pending(ResultSet row) throws SQLException {
    return new Pending(
        new Uid(row.getLong("uid")),
        ContentId.of(row.getBytes("content")),
        new Location(row.getString("location")),
        SourceColumns.read(row),
        Instant.ofEpochSecond(row.getLong("internal_date")),
        new Event.Provenance(
            row.getString("protocol"), row.getString("host"), row.getString("user_name")));
  }

  /// What was placed in `into` after the last entry that says what was found in `journal`: a crash
  /// came between the two. At most one.
  public Optional<ContentId> placedLast(MailboxId journal, MailboxId into) {
    return reading.withHandle(
        handle ->
            handle
                .createQuery(PLACED_LAST)
                .bind("journal", journal.value())
                .bind("into", into.value())
                .map((row, context) -> ContentId.of(row.getBytes(1)))
                .findOne());
  }

  /// What was found, in order of the log: the first [#MAX_ROWS], or fewer where they are large;
  /// none only where there is none.
  ///
  /// @param from log position
  /// @param to log position, not included
  public List<Unwrapping> found(long from, long to) {
    return reading.withHandle(
        handle ->
            handle
                .createQuery(
                    UNWRAPPED
                        + "WHERE u.leaf >= :from AND u.leaf < :to ORDER BY u.leaf LIMIT :most")
                .bind("from", from)
                .bind("to", to)
                .bind("most", MAX_ROWS)
                .scanResultSet((rows, context) -> unwrappings(rows.get())));
  }

  /// What was found that tells of a message, in some accounts; the first [#MAX_ROWS], or fewer
  /// where they are large.
  ///
  /// @param number of the message
  public List<Unwrapping> of(int number, Collection<AccountName> accounts) {
    if (accounts.isEmpty()) {
      return List.of();
    }
    return reading.withHandle(
        handle ->
            handle
                .createQuery(UNWRAPPED + OF_MESSAGE)
                .bind("message", number)
                .bindList("accounts", accounts.stream().map(AccountName::value).toList())
                .bind("most", MAX_ROWS)
                .scanResultSet((rows, context) -> unwrappings(rows.get())));
  }

  private static List<Unwrapping> unwrappings(ResultSet row) throws SQLException {
    List<Unwrapping> some = new ArrayList<>();
    long octets = 0;
    while (octets < MAX_OCTETS && row.next()) {
      byte[] event = row.getBytes("event");
      some.add(
          new Unwrapping(
              row.getLong("leaf"),
              row.getInt("message"),
              ContentId.of(row.getBytes("content")),
              (Event.Unwrapped) EventJson.read(event)));
      octets += event.length;
    }
    return some;
  }

  /// How much of each result there is in an account.
  public Map<String, Long> counts(AccountName account) {
    return reading.withHandle(
        handle ->
            handle
                .select(COUNTS, account.value())
                .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
