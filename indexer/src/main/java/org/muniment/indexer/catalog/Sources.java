package org.muniment.indexer.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
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
      WHERE m.id = ? AND p.source_validity = ?
      """;

  private static final String KNOWN =
      """
      SELECT p.source_uid, p.uid, p.flags, p.gone
      FROM placement p JOIN mailbox m ON m.number = p.mailbox
      WHERE m.id = :mailbox AND p.source_validity = :generation AND p.source_uid IN (<uids>)
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
                    "SELECT p.source_uid " + IN_GENERATION + " ORDER BY p.source_uid",
                    mailbox.value(),
                    generation.value())));
  }

  /// The UIDs at the source that were archived and not yet missed there.
  public UidRanges there(MailboxId mailbox, UidValidity generation) {
    return reading.withHandle(
        handle ->
            ranges(
                handle.select(
                    "SELECT p.source_uid "
                        + IN_GENERATION
                        + " AND p.gone IS NULL ORDER BY p.source_uid",
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
                    WHERE m.id = ? AND p.source_validity IS NOT NULL AND p.gone IS NULL
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
                            new Uid(row.getLong("source_uid")),
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
