package org.muniment.indexer.catalog;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.muniment.archive.Entry;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;

/// What the sources themselves know messages by. An id that a source gave to different octets says
/// nothing and finds nothing.
public final class OwnIds {

  private static final String INSERT =
      """
      INSERT INTO own_id (account, own_id, message, internal_date)
      VALUES ((SELECT number FROM account WHERE name = :account), :own_id, :message, :date)
      ON CONFLICT (account, own_id) DO UPDATE
      SET message = CASE WHEN own_id.message = excluded.message THEN excluded.message END
      """;

  private static final String FIND =
      """
      SELECT o.own_id, c.content, c.length, o.internal_date
      FROM own_id o JOIN account a ON a.number = o.account JOIN message c ON c.number = o.message
      WHERE a.name = :account AND o.own_id IN (<ids>)
      """;

  private final Jdbi reading;

  OwnIds(Jdbi reading) {
    this.reading = reading;
  }

  /// The messages of an account by some ids; nothing for those that are not known.
  ///
  /// @param ids at most [Sources#MAX_UIDS]
  public Map<Event.OwnId, Known> find(AccountName account, Collection<Event.OwnId> ids) {
    Map<String, Event.OwnId> asked = new HashMap<>();
    ids.forEach(id -> asked.put(text(id), id));
    Map<Event.OwnId, Known> found = new HashMap<>();
    if (!asked.isEmpty()) {
      reading.useHandle(
          handle ->
              handle
                  .createQuery(FIND)
                  .bind("account", account.value())
                  .bindList("ids", List.copyOf(asked.keySet()))
                  .map(
                      (row, context) ->
                          Map.entry(
                              asked.get(row.getString("own_id")),
                              new Known(
                                  ContentId.of(row.getBytes("content")),
                                  row.getLong("length"),
                                  Instant.ofEpochSecond(row.getLong("internal_date")))))
                  .forEach(known -> found.put(known.getKey(), known.getValue())));
    }
    return found;
  }

  /// Takes what some placements say, inside a transaction. A placement that was matched by an id
  /// says nothing new.
  ///
  /// @param numbers of their messages
  static void insert(Handle handle, List<Entry> placements, Map<ContentId, Integer> numbers) {
    PreparedBatch rows = handle.prepareBatch(INSERT);
    for (Entry entry : placements) {
      Event.Placement placement = (Event.Placement) entry.event();
      if (placement.source() instanceof Event.SourceUid source && !source.matched()) {
        Event.OwnId id = source.ownId();
        if (id != null) {
          rows.bind("account", placement.account().value())
              .bind("own_id", text(id))
              .bind("message", numbers.get(placement.content()))
              .bind("date", placement.internalDate().getEpochSecond())
              .add();
        }
      }
    }
    if (rows.size() > 0) {
      rows.execute();
    }
  }

  private static String text(Event.OwnId id) {
    return id.kind() + " " + id.value();
  }

  /// A message that a source has an id for.
  ///
  /// @param internalDate INTERNALDATE where the id was seen first
  public record Known(ContentId content, long length, Instant internalDate) {}
}
