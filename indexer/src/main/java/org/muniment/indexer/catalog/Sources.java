package org.muniment.indexer.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;

/// What is in the archive of what the sources have: the progress of capture.
public final class Sources {

  /// UIDs in one question.
  public static final int MAX_UIDS = 500;

  private static final String IN_GENERATION =
      """
      FROM placement p JOIN mailbox m ON m.number = p.mailbox
      WHERE m.id = ? AND p.now_validity = ?
      """;

  private static final String KNOWN =
      """
      SELECT p.now_uid, p.uid, p.flags, p.gone
      FROM placement p JOIN mailbox m ON m.number = p.mailbox
      WHERE m.id = :mailbox AND p.now_validity = :generation AND p.now_uid IN (<uids>)
      """;

  private static final String ALIKE =
      """
      SELECT p.uid, m.header, m.length, p.internal_date
      FROM message m
        JOIN placement p ON p.message = m.number
        JOIN mailbox b ON b.number = p.mailbox
      WHERE m.header IN (<headers>) AND b.id = :mailbox AND p.now_validity IS NOT NULL
        AND (p.gone IS NOT NULL OR p.now_validity <> :generation)
      ORDER BY p.uid
      """;

  private static final String PROVISIONAL =
      """
      SELECT p.now_uid, p.uid, c.content
      FROM placement p
        JOIN mailbox m ON m.number = p.mailbox
        JOIN message c ON c.number = p.message
      WHERE m.id = ? AND p.provisional = 1 AND p.now_validity = ? AND p.now_uid > ?
        AND p.gone IS NULL
      ORDER BY p.now_uid LIMIT ?
      """;

  private static final String UNIQUE_IDS =
      """
      SELECT p.source_text, p.uid, p.gone
      FROM placement p JOIN mailbox m ON m.number = p.mailbox
      WHERE m.id = :mailbox AND p.source_kind = 'uidl' AND p.source_text IN (<uniqueIds>)
      """;

  private static final String OF_CONTENT =
      """
      SELECT p.source_text, p.uid, p.gone
      FROM placement p JOIN mailbox m ON m.number = p.mailbox
        JOIN message c ON c.number = p.message
      WHERE m.id = :mailbox AND p.source_kind = 'uidl' AND c.content = :content
      ORDER BY p.uid
      """;

  private static final String ELSEWHERE =
      """
      SELECT p.uid, b.id AS other_mailbox, o.uid AS other_uid
      FROM placement p
        JOIN mailbox m ON m.number = p.mailbox
        JOIN placement o ON o.message = p.message AND o.leaf <> p.leaf AND o.gone IS NULL
        JOIN mailbox b ON b.number = o.mailbox AND b.account = m.account
      WHERE m.id = :mailbox AND p.uid IN (<uids>)
        AND o.origin NOT IN (SELECT number FROM origin WHERE protocol = 'journal')
      """;

  private final Jdbi reading;

  Sources(Jdbi reading) {
    this.reading = reading;
  }

  /// The UIDs at the source that were ever archived.
  public UidRanges archived(MailboxId mailbox, UidValidity generation) {
    return reading.withHandle(
        handle ->
            ranges(
                handle.select(
                    "SELECT p.now_uid " + IN_GENERATION + " ORDER BY p.now_uid",
                    mailbox.value(),
                    generation.value())));
  }

  /// How often some octets were ever placed in a mailbox, from whatever source.
  public long placements(MailboxId mailbox, ContentId content) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT COUNT(*) FROM message e
                      JOIN placement p ON p.message = e.number
                      JOIN mailbox m ON m.number = p.mailbox
                    WHERE e.content = ? AND m.id = ?
                    """,
                    content.bytes(),
                    mailbox.value())
                .mapTo(Long.class)
                .one());
  }

  /// Whether a mailbox never had a message of an IMAP server.
  public boolean isEmpty(MailboxId mailbox) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT 1 FROM placement p JOIN mailbox m ON m.number = p.mailbox
                    WHERE m.id = ? AND p.now_validity IS NOT NULL LIMIT 1
                    """,
                    mailbox.value())
                .mapTo(Integer.class)
                .findOne()
                .isEmpty());
  }

  /// Whether anything that an IMAP server had in a mailbox in another generation was not missed
  /// there.
  public boolean thereInOthers(MailboxId mailbox, UidValidity generation) {
    // Two ranges of the index, where "another" would read all of the mailbox.
    return isThere(mailbox, generation, "<") || isThere(mailbox, generation, ">");
  }

  private boolean isThere(MailboxId mailbox, UidValidity generation, String side) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    "SELECT 1 FROM placement p JOIN mailbox m ON m.number = p.mailbox WHERE m.id = ?"
                        + (" AND p.now_validity " + side + " ? AND p.gone IS NULL LIMIT 1"),
                    mailbox.value(),
                    generation.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  /// The UIDs at the source that were archived and not yet missed there.
  public UidRanges there(MailboxId mailbox, UidValidity generation) {
    return reading.withHandle(
        handle ->
            ranges(
                handle.select(
                    "SELECT p.now_uid " + IN_GENERATION + " AND p.gone IS NULL ORDER BY p.now_uid",
                    mailbox.value(),
                    generation.value())));
  }

  /// The UIDs of the view of everything that an IMAP server had in a mailbox, in whatever
  /// generation, and that was not missed there.
  public UidRanges thereInView(MailboxId mailbox) {
    return reading.withHandle(
        handle ->
            ranges(
                handle.select(
                    """
                    SELECT p.uid FROM placement p JOIN mailbox m ON m.number = p.mailbox
                    WHERE m.id = ? AND p.now_validity IS NOT NULL AND p.gone IS NULL
                    ORDER BY p.uid
                    """,
                    mailbox.value())));
  }

  /// The UIDs of the view of everything that a POP3 server had in a mailbox, and that was not
  /// missed there.
  public UidRanges uniqueIdsThere(MailboxId mailbox) {
    return reading.withHandle(
        handle ->
            ranges(
                handle.select(
                    """
                    SELECT p.uid FROM placement p JOIN mailbox m ON m.number = p.mailbox
                    WHERE m.id = ? AND p.source_kind = 'uidl' AND p.gone IS NULL
                    ORDER BY p.uid
                    """,
                    mailbox.value())));
  }

  /// The placements of a mailbox by some unique-ids of a POP3 server. There may be several of one.
  ///
  /// @param uniqueIds at most [#MAX_UIDS]
  public List<KnownUniqueId> uniqueIds(MailboxId mailbox, Collection<SourceText> uniqueIds) {
    return reading.withHandle(
        handle ->
            handle
                .createQuery(UNIQUE_IDS)
                .bind("mailbox", mailbox.value())
                .bindList("uniqueIds", uniqueIds.stream().map(SourceText::bytes).toList())
                .map((row, context) -> KnownUniqueId.read(row))
                .list());
  }

  /// The placements of a mailbox that have some octets and came from a POP3 server, in the order of
  /// the view.
  public List<KnownUniqueId> uniqueIds(MailboxId mailbox, ContentId content) {
    return reading.withHandle(
        handle ->
            handle
                .createQuery(OF_CONTENT)
                .bind("mailbox", mailbox.value())
                .bind("content", content.bytes())
                .map((row, context) -> KnownUniqueId.read(row))
                .list());
  }

  private static UidRanges ranges(Query query) {
    return query.scanResultSet(
        (rows, context) -> {
          UidRanges.Builder uids = new UidRanges.Builder();
          ResultSet row = rows.get();
          while (row.next()) {
            uids.accept(row.getLong(1));
          }
          return uids.build();
        });
  }

  /// The placements of a mailbox by some UIDs at the source.
  ///
  /// @param uids at most [#MAX_UIDS]
  public List<Known> known(MailboxId mailbox, UidValidity generation, Collection<Uid> uids) {
    FlagText flags = new FlagText();
    return reading.withHandle(
        handle ->
            handle
                .createQuery(KNOWN)
                .bind("mailbox", mailbox.value())
                .bind("generation", generation.value())
                .bindList("uids", uids.stream().map(Uid::value).toList())
                .map(
                    (row, context) ->
                        new Known(
                            new Uid(row.getLong("now_uid")),
                            new Uid(row.getLong("uid")),
                            flags.read(row.getString("flags")),
                            row.getObject("gone") == null))
                .list());
  }

  /// Where else in the account the octets of some placements are, as far as they were not missed
  /// there; nothing for those that are nowhere else.
  ///
  /// @param uids of the view, at most [#MAX_UIDS]
  public Map<Uid, List<Elsewhere>> elsewhere(MailboxId mailbox, List<Uid> uids) {
    Map<Uid, List<Elsewhere>> places = new HashMap<>();
    reading.useHandle(
        handle ->
            handle
                .createQuery(ELSEWHERE)
                .bind("mailbox", mailbox.value())
                .bindList("uids", uids.stream().map(Uid::value).toList())
                .map(
                    (row, context) ->
                        Map.entry(
                            new Uid(row.getLong("uid")),
                            new Elsewhere(
                                new MailboxId(row.getString("other_mailbox")),
                                new Uid(row.getLong("other_uid")))))
                .forEach(
                    found ->
                        places
                            .computeIfAbsent(found.getKey(), uid -> new ArrayList<>())
                            .add(found.getValue())));
    return places;
  }

  /// The placements of a mailbox that are not in a generation, or were missed in it, by the SHA-256
  /// of their header, in the order of the view.
  ///
  /// @param headers at most [#MAX_UIDS]
  public List<Alike> alike(
      MailboxId mailbox, UidValidity generation, Collection<ContentId> headers) {
    return reading.withHandle(
        handle ->
            handle
                .createQuery(ALIKE)
                .bind("mailbox", mailbox.value())
                .bind("generation", generation.value())
                .bindList("headers", headers.stream().map(ContentId::bytes).toList())
                .map(
                    (row, context) ->
                        new Alike(
                            new Uid(row.getLong("uid")),
                            ContentId.of(row.getBytes("header")),
                            row.getLong("length"),
                            Instant.ofEpochSecond(row.getLong("internal_date"))))
                .list());
  }

  /// Placements whose octets have still to be compared, by UID at the source.
  ///
  /// @param after UID at the source after which to begin, 0 for all
  public List<Provisional> provisional(
      MailboxId mailbox, UidValidity generation, long after, int limit) {
    return reading.withHandle(
        handle ->
            handle
                .select(PROVISIONAL, mailbox.value(), generation.value(), after, limit)
                .map(
                    (row, context) ->
                        new Provisional(
                            new Uid(row.getLong("now_uid")),
                            new Uid(row.getLong("uid")),
                            ContentId.of(row.getBytes("content"))))
                .list());
  }

  /// Number of placements of a mailbox whose octets have still to be compared.
  public long provisional(MailboxId mailbox) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT COUNT(*) FROM placement p JOIN mailbox m ON m.number = p.mailbox
                    WHERE m.id = ? AND p.provisional = 1 AND p.gone IS NULL
                    """,
                    mailbox.value())
                .mapTo(Long.class)
                .one());
  }

  /// What a placement looks like from outside.
  ///
  /// @param uid of the view
  /// @param header SHA-256 of the header with the empty line
  public record Alike(Uid uid, ContentId header, long length, Instant internalDate) {}

  /// A placement that was matched without its octets.
  ///
  /// @param source UID at the source
  /// @param uid of the view
  /// @param content what it is taken for
  public record Provisional(Uid source, Uid uid, ContentId content) {}

  /// A placement by what its source knows it by.
  ///
  /// @param source UID at the source
  /// @param uid of the view
  /// @param flags as last observed
  /// @param there whether it was not missed at the source
  public record Known(Uid source, Uid uid, Set<SourceText> flags, boolean there) {
    public Known {
      flags = Set.copyOf(flags);
    }
  }

  /// A placement by the unique-id that a POP3 server knew it by.
  ///
  /// @param uid of the view
  /// @param there whether it was not missed at the source
  public record KnownUniqueId(SourceText uniqueId, Uid uid, boolean there) {
    private static KnownUniqueId read(ResultSet row) throws SQLException {
      return new KnownUniqueId(
          SourceText.of(row.getBytes("source_text")),
          new Uid(row.getLong("uid")),
          row.getObject("gone") == null);
    }
  }

  /// Another place of the same octets.
  ///
  /// @param uid of the view
  public record Elsewhere(MailboxId mailbox, Uid uid) {}
}
