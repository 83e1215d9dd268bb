package org.muniment.indexer.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.Entries;
import org.muniment.archive.Entry;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.store.ArchiveException;

/// What was in mailboxes at an earlier position of the log, as far as it had been observed then:
/// membership and flags. Names of mailboxes are those of now.
public final class Past {

  /// The position behind every entry: now.
  public static final long NOW = Long.MAX_VALUE;

  private static final String LAST_BEFORE =
      """
      FROM history h WHERE h.mailbox = p.mailbox AND h.uid = p.uid AND h.leaf < :position
      ORDER BY h.leaf DESC LIMIT 1
      """;

  // Without a row of history before the position there is none at all: see FIRST_HISTORY.
  private static final String THEN =
      """
      SELECT p.uid, p.internal_date, p.moved, m.number, m.content, m.length, m.location, m.header,
      """
          + "COALESCE((SELECT h.flags "
          + LAST_BEFORE
          + "), p.flags) AS flags, COALESCE((SELECT h.there "
          + LAST_BEFORE
          + "), 1) AS there "
          + """
      FROM placement p JOIN message m ON m.number = p.message
      WHERE p.mailbox = :mailbox AND p.uid > :after AND p.uid < :before AND p.leaf < :position
      """;

  private static final String ROWS = THEN + "ORDER BY p.uid LIMIT :most";

  private static final String PAGE =
      "SELECT * FROM (" + THEN + ") AS was WHERE was.there = 1 ORDER BY was.uid DESC LIMIT :most";

  private static final String COUNTS =
      """
      SELECT COUNT(*) AS messages, COALESCE(SUM(was.length), 0) AS octets,
        COALESCE(SUM(CASE WHEN lower(was.flags) LIKE :seen ESCAPE '!' THEN 0 ELSE 1 END), 0)
          AS unseen
      FROM (
      """
          + THEN
          + ") AS was WHERE was.there = 1";

  private final Jdbi reading;

  Past(Jdbi reading) {
    this.reading = reading;
  }

  /// A place of a message as it was.
  ///
  /// @param uid in the IMAP view
  /// @param message its number
  /// @param header SHA-256 of the header with the empty line, null where it is not known
  /// @param flags as last observed then
  /// @param there whether it was at the source then
  /// @param moved whether it is known to have moved inside the account when it was missed last
  public record Then(
      Uid uid,
      int message,
      ContentId content,
      long length,
      Location location,
      @Nullable ContentId header,
      Instant internalDate,
      Set<SourceText> flags,
      boolean there,
      boolean moved) {

    public Then {
      flags = Set.copyOf(flags);
    }
  }

  /// What had been captured of a mailbox before a position, by ascending UID: the first
  /// [Messages#MAX_ROWS] of it.
  ///
  /// @param position number of log entries that count; [#NOW] for all
  /// @param after only larger UIDs; 0 for all
  public List<Then> rows(Mailbox mailbox, long position, long after) {
    return rows(ROWS, mailbox, position, after, Long.MAX_VALUE, Messages.MAX_ROWS);
  }

  /// What was in a mailbox at a position, by descending UID.
  ///
  /// @param before only smaller UIDs; [Long#MAX_VALUE] for all
  /// @param limit 1 to [Messages#MAX_ROWS]
  public List<Then> page(Mailbox mailbox, long position, long before, int limit) {
    return rows(PAGE, mailbox, position, 0, before, Math.min(limit, Messages.MAX_ROWS));
  }

  private List<Then> rows(
      String sql, Mailbox mailbox, long position, long after, long before, int most) {
    FlagText flags = new FlagText();
    return reading.withHandle(
        handle ->
            handle
                .createQuery(sql)
                .bind("mailbox", mailbox.number())
                .bind("position", position)
                .bind("after", after)
                .bind("before", before)
                .bind("most", most)
                .map((row, context) -> then(row, flags))
                .list());
  }

  /// How much was in a mailbox at a position. Takes time that grows with the mailbox.
  public Counts counts(Mailbox mailbox, long position) {
    return reading.withHandle(
        handle ->
            handle
                .createQuery(COUNTS)
                .bind("mailbox", mailbox.number())
                .bind("position", position)
                .bind("after", 0)
                .bind("before", Long.MAX_VALUE)
                .bind("seen", FlagText.pattern("\\Seen"))
                .map(
                    (row, context) ->
                        new Counts(
                            row.getLong("messages"), row.getLong("unseen"), row.getLong("octets")))
                .one());
  }

  private static Then then(ResultSet row, FlagText flags) throws SQLException {
    byte[] header = row.getBytes("header");
    return new Then(
        new Uid(row.getLong("uid")),
        row.getInt("number"),
        ContentId.of(row.getBytes("content")),
        row.getLong("length"),
        new Location(row.getString("location")),
        header == null ? null : ContentId.of(header),
        Instant.ofEpochSecond(row.getLong("internal_date")),
        flags.read(row.getString("flags")),
        row.getInt("there") == 1,
        row.getInt("moved") == 1);
  }

  /// The position of a moment: the number of log entries that were written at it or before. Costs a
  /// few reads of the archive, whatever its size.
  public static long position(Archive archive, Instant moment) throws ArchiveException {
    long before = 0;
    long behind = archive.size();
    while (before < behind) {
      long middle = (before + behind) >>> 1;
      if (time(archive, middle).isAfter(moment)) {
        behind = middle;
      } else {
        before = middle + 1;
      }
    }
    return before;
  }

  private static Instant time(Archive archive, long leaf) throws ArchiveException {
    try (Entries entries = archive.entriesFrom(leaf)) {
      Entry entry = entries.next();
      if (entry == null) {
        throw new IllegalStateException("the log has no entry " + leaf);
      }
      return entry.time();
    }
  }
}
