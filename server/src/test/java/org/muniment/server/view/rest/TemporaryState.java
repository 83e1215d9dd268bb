package org.muniment.server.view.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.StateDatabase;

/// What users decided, in a database of its own that ends with the tests.
final class TemporaryState {

  private TemporaryState() {}

  static SavedSearches searches() {
    try {
      Path folder = Files.createTempDirectory("state");
      Path file = folder.resolve("state.db");
      folder.toFile().deleteOnExit();
      for (String ending : new String[] {"", "-wal", "-shm"}) {
        file.resolveSibling(file.getFileName() + ending).toFile().deleteOnExit();
      }
      return SavedSearches.of(StateDatabase.open(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
