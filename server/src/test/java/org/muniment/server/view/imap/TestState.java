package org.muniment.server.view.imap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.muniment.indexer.catalog.Shown;
import org.muniment.server.access.SeenMarks;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.Subscriptions;
import org.muniment.server.view.imap.session.Resources;

/// A fresh `state.db` for the users of a fake archive; it goes when the tests end.
final class TestState {

  private TestState() {}

  static Resources of(FakeArchive archive) throws IOException {
    Path folder = Files.createTempDirectory("state");
    Path file = folder.resolve("state.db");
    StateDatabase state = StateDatabase.open(file);
    folder.toFile().deleteOnExit();
    for (String ending : new String[] {"", "-wal", "-shm"}) {
      file.resolveSibling(file.getFileName() + ending).toFile().deleteOnExit();
    }
    return new Resources(
        archive, archive, SeenMarks.of(state), Subscriptions.of(state), Shown.NOT_MOVED);
  }
}
