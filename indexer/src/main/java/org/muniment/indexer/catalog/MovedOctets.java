package org.muniment.indexer.catalog;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.muniment.archive.Archive;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;

/// Notes inside a transaction where a sealing has moved messages and parts. The newest place of
/// each is kept, so that it does not matter whether the log was followed before the sealing or
/// after.
final class MovedOctets implements Archive.Sealed {

  private static final int BATCH = 1_000;

  private static final String MESSAGE =
      "UPDATE message SET location = ? WHERE content = ? AND location <> ?";

  private static final String PART =
      """
      INSERT INTO part (id, location) VALUES (?, ?)
      ON CONFLICT (id) DO UPDATE SET location = excluded.location
      """;

  private record Moved(ContentId id, String location) {}

  private final Handle handle;
  private final List<Moved> messages = new ArrayList<>();
  private final List<Moved> parts = new ArrayList<>();

  MovedOctets(Handle handle) {
    this.handle = handle;
  }

  @Override
  public void message(ContentId id, Location location) {
    messages.add(new Moved(id, location.text()));
    if (messages.size() == BATCH) {
      writeMessages();
    }
  }

  @Override
  public void part(ContentId id, Location location) {
    parts.add(new Moved(id, location.text()));
    if (parts.size() == BATCH) {
      writeParts();
    }
  }

  /// Writes what was not written yet.
  void finish() {
    writeMessages();
    writeParts();
  }

  private void writeMessages() {
    if (!messages.isEmpty()) {
      PreparedBatch rows = handle.prepareBatch(MESSAGE);
      for (Moved moved : messages) {
        rows.bind(0, moved.location).bind(1, moved.id.bytes()).bind(2, moved.location).add();
      }
      rows.execute();
      messages.clear();
    }
  }

  private void writeParts() {
    if (!parts.isEmpty()) {
      PreparedBatch rows = handle.prepareBatch(PART);
      for (Moved moved : parts) {
        rows.bind(0, moved.id.bytes()).bind(1, moved.location).add();
      }
      rows.execute();
      parts.clear();
    }
  }
}
