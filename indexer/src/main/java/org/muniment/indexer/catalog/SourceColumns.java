package org.muniment.indexer.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;

/// What a source knows a message by, in the columns of a placement.
///
/// ```
/// source_kind                 source_validity, source_uid   source_text
/// "uid"                       of an IMAP server             null
/// "uidl"                      null                          unique-id of a POP3 server (Sources
///                                                           looks for it by this word)
/// format of an imported file  null                          path of the file
/// ```
final class SourceColumns {

  private static final String UID = "uid";
  private static final String UIDL = "uidl";

  private SourceColumns() {}

  static void bind(PreparedBatch rows, Event.SourceId source) {
    switch (source) {
      case Event.SourceUid at ->
          bind(rows, UID, at.uidValidity().value(), at.uid().value(), null, false);
      case Event.Uidl(SourceText uniqueId) -> bind(rows, UIDL, null, null, uniqueId.bytes(), false);
      case Event.ImportedFrom(String format, SourceText path, boolean synthetic) ->
          bind(rows, format, null, null, path.bytes(), synthetic);
    }
  }

  private static void bind(
      PreparedBatch rows,
      String kind,
      @Nullable Long validity,
      @Nullable Long uid,
      byte @Nullable [] text,
      boolean synthetic) {
    rows.bind("source_kind", kind)
        .bind("source_validity", validity)
        .bind("source_uid", uid)
        .bind("source_text", text)
        .bind("now_validity", validity)
        .bind("now_uid", uid)
        .bind("synthetic", synthetic ? 1 : 0);
  }

  static Event.SourceId read(ResultSet row) throws SQLException {
    String kind = row.getString("source_kind");
    return switch (kind) {
      case UID ->
          new Event.SourceUid(
              new UidValidity(row.getLong("source_validity")), new Uid(row.getLong("source_uid")));
      case UIDL -> new Event.Uidl(text(row));
      default -> new Event.ImportedFrom(kind, text(row), row.getInt("synthetic") == 1);
    };
  }

  private static SourceText text(ResultSet row) throws SQLException {
    return SourceText.of(row.getBytes("source_text"));
  }
}
