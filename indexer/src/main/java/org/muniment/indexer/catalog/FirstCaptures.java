package org.muniment.indexer.catalog;

import java.sql.ResultSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;

/// A UID for each message of the archive, whatever its places: the index of the log entry that
/// captured it first, plus one. Kept, and grown by what was captured since it was last asked for.
public final class FirstCaptures {

  // Answered by the index on leaf alone.
  private static final String SINCE =
      "SELECT leaf FROM message WHERE leaf >= ? AND leaf < ? ORDER BY leaf";

  private final Jdbi reading;
  private @Nullable Known known;

  private record Known(long position, UidSet uids) {}

  FirstCaptures(Jdbi reading) {
    this.reading = reading;
  }

  /// Those of all messages: the one at an index is of the message with that number. Messages whose
  /// UID would be above [Uid#MAX] are left out.
  public synchronized UidSet uids() {
    Known now = reading.inTransaction(handle -> now(handle, known));
    known = now;
    return now.uids;
  }

  synchronized void forget() {
    known = null;
  }

  private static Known now(Handle handle, @Nullable Known before) {
    long position = handle.select("SELECT entries FROM position").mapTo(Long.class).one();
    if (before == null || before.position > position) {
      return new Known(position, UidSet.of(since(handle, 0)));
    }
    if (before.position == position) {
      return before;
    }
    UidRanges fresh = since(handle, before.position);
    return new Known(
        position, fresh.isEmpty() ? before.uids : UidSet.of(before.uids.ranges().or(fresh)));
  }

  private static UidRanges since(Handle handle, long leaf) {
    return handle
        .select(SINCE, leaf, Uid.MAX)
        .scanResultSet(
            (rows, context) -> {
              UidRanges.Builder uids = new UidRanges.Builder();
              ResultSet row = rows.get();
              while (row.next()) {
                uids.accept(row.getLong(1) + 1);
              }
              return uids.build();
            });
  }
}
