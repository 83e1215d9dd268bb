package org.muniment.indexer.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;

/// What of the archive may be deleted at the sources, was to be, and is.
public final class Deletions {

  /// A placement has one of two kinds of ids; of the other kind the columns are null.
  private static final String COLUMNS =
      """
      SELECT p.uid, p.now_validity, p.now_uid, p.source_text, p.internal_date, p.flags, p.deletion,
        c.content, c.length
      FROM placement p
        JOIN mailbox m ON m.number = p.mailbox
        JOIN message c ON c.number = p.message
      WHERE m.id = :mailbox AND p.gone IS NULL
        AND (p.now_validity IS NOT NULL OR p.source_kind = 'uidl')
      """;

  private static final String DUE =
      COLUMNS
          + """
          AND p.uid > :after AND p.provisional = 0 AND p.leaf < :receipt
          AND p.captured <= :oldMillis AND p.internal_date <= :oldSeconds
          AND (p.deletion IS NULL OR p.deletion = 'intended'
            OR (p.deletion = 'kept' AND p.deletion_time <= :tried))
          ORDER BY p.uid LIMIT :limit
          """;

  private static final String INTENDED = COLUMNS + " AND p.deletion = 'intended' ORDER BY p.uid";

  private final Jdbi reading;

  Deletions(Jdbi reading) {
    this.reading = reading;
  }

  /// The mail that is asked for.
  ///
  /// @param receipt placed before this leaf of the log
  /// @param old archived, and by INTERNALDATE, not after this
  /// @param tried not kept by the source after this
  public record Due(long receipt, Instant old, Instant tried) {}

  /// Mail of a mailbox that is at the source, is not provisional, was not found to be different
  /// there, and is `due`; in the order of the view.
  ///
  /// @param after UID of the view after which to begin, 0 for all
  public List<Deletable> due(MailboxId mailbox, Due due, long after, int limit) {
    FlagText flags = new FlagText();
    return reading.withHandle(
        handle ->
            handle
                .createQuery(DUE)
                .bind("mailbox", mailbox.value())
                .bind("after", after)
                .bind("receipt", due.receipt)
                .bind("oldMillis", due.old.toEpochMilli())
                .bind("oldSeconds", due.old.getEpochSecond())
                .bind("tried", due.tried.toEpochMilli())
                .bind("limit", limit)
                .map((row, context) -> Deletable.read(row, flags))
                .list());
  }

  /// Mail of a mailbox of which nobody knows whether it was deleted, as far as it is still there.
  public List<Deletable> intended(MailboxId mailbox) {
    FlagText flags = new FlagText();
    return reading.withHandle(
        handle ->
            handle
                .createQuery(INTENDED)
                .bind("mailbox", mailbox.value())
                .map((row, context) -> Deletable.read(row, flags))
                .list());
  }

  /// The mailboxes of an account that have such mail; none mostly.
  public List<MailboxId> intended(AccountName account) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT DISTINCT m.id FROM placement p
                      JOIN mailbox m ON m.number = p.mailbox
                      JOIN account a ON a.number = m.account
                    WHERE p.deletion = 'intended' AND p.gone IS NULL AND a.name = ?
                    """,
                    account.value())
                .map((row, context) -> new MailboxId(row.getString(1)))
                .list());
  }

  /// How many messages of an account were deleted at its source.
  public long deleted(AccountName account) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT COUNT(*) FROM placement p
                      JOIN mailbox m ON m.number = p.mailbox
                      JOIN account a ON a.number = m.account
                    WHERE a.name = ? AND p.deletion = 'deleted'
                    """,
                    account.value())
                .mapTo(Long.class)
                .one());
  }

  /// A message that is in the archive and at its source.
  ///
  /// @param uid of the view
  /// @param source what the source knows it by now: a UID, or a unique-id of a POP3 server
  /// @param flags as last observed
  /// @param intended whether the source may have been told already to delete it
  public record Deletable(
      Uid uid,
      Event.SourceId source,
      ContentId content,
      long length,
      Instant internalDate,
      Set<SourceText> flags,
      boolean intended) {

    public Deletable {
      flags = Set.copyOf(flags);
    }

    private static Deletable read(ResultSet row, FlagText flags) throws SQLException {
      return new Deletable(
          new Uid(row.getLong("uid")),
          source(row),
          ContentId.of(row.getBytes("content")),
          row.getLong("length"),
          Instant.ofEpochSecond(row.getLong("internal_date")),
          flags.read(row.getString("flags")),
          Column.text(Event.Deletion.INTENDED).equals(row.getString("deletion")));
    }

    private static Event.SourceId source(ResultSet row) throws SQLException {
      long generation = row.getLong("now_validity");
      return row.wasNull()
          ? new Event.Uidl(SourceText.of(row.getBytes("source_text")))
          : new Event.SourceUid(new UidValidity(generation), new Uid(row.getLong("now_uid")));
    }
  }

  /// An outcome in the columns of a placement: `intended`, `deleted`, `kept`, `different`, and
  /// when.
  record Column(Event.Deletion outcome, long time) {

    String text() {
      return text(outcome);
    }

    static String text(Event.Deletion outcome) {
      return outcome.name().toLowerCase(Locale.ROOT);
    }

    /// Whether mail with this in its column was deleted by this program.
    static boolean isDeleted(@Nullable String text) {
      return text(Event.Deletion.DELETED).equals(text);
    }
  }
}
