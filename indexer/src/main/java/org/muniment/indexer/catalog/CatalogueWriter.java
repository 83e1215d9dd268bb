package org.muniment.indexer.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.muniment.archive.Archive;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.store.ArchiveException;

/// The write side of the catalogue: a batch of entries and the position after them, in one
/// transaction. One thread at a time.
final class CatalogueWriter {

  private static final List<String> TABLES =
      List.of(
          "unwrapped",
          "history",
          "placement",
          "origin",
          "message",
          "mailbox",
          "account",
          "receipt",
          "part");

  /// Ids in one look-up.
  private static final int MAX_IDS = 1_000;

  private final Jdbi writing;

  CatalogueWriter(Jdbi writing) {
    this.writing = writing;
  }

  /// Tells where everything lies that a sealing has moved.
  @FunctionalInterface
  interface Seals {
    void tell(Event.Seal seal, Archive.Sealed to) throws ArchiveException;
  }

  /// How far the log was followed.
  ///
  /// @param mark [LogMark] of the last entry applied, `""` when there is none
  record Position(long entries, String mark) {}

  Position position() {
    return writing.withHandle(
        handle ->
            handle
                .select("SELECT entries, mark FROM position")
                .map((row, context) -> new Position(row.getLong(1), row.getString(2)))
                .one());
  }

  /// Which of some contents are in the catalogue, each with the number of its message.
  Map<ContentId, Integer> known(Collection<ContentId> contents) {
    Map<ContentId, Integer> known = new HashMap<>();
    List<ContentId> all = List.copyOf(new HashSet<>(contents));
    for (int from = 0; from < all.size(); from += MAX_IDS) {
      List<byte[]> ids =
          all.subList(from, Math.min(all.size(), from + MAX_IDS)).stream()
              .map(ContentId::bytes)
              .toList();
      known.putAll(
          writing.withHandle(
              handle ->
                  handle
                      .createQuery("SELECT content, number FROM message WHERE content IN (<ids>)")
                      .bindList("ids", ids)
                      .map(
                          (row, context) -> Map.entry(ContentId.of(row.getBytes(1)), row.getInt(2)))
                      .collectToMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
    return known;
  }

  /// Applies a batch.
  ///
  /// @return false when another process has followed in the meantime; nothing was changed then
  boolean apply(Batch batch, Seals seals) throws ArchiveException {
    return writing.inTransaction(handle -> new BatchInsert(handle, batch, seals).run());
  }

  void clear() {
    writing.useTransaction(
        handle -> {
          for (String table : TABLES) {
            handle.execute("DELETE FROM " + table);
          }
          handle.execute("UPDATE position SET entries = 0, mark = '', messages = 0, octets = 0");
        });
  }
}
