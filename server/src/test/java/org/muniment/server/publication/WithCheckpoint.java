package org.muniment.server.publication;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.log.SignedCheckpoint;

/// What every test of a target begins with: an archive, and its checkpoint to be sent.
class WithCheckpoint {

  @TempDir Path data;
  LoggedArchive archive;
  SignedCheckpoint checkpoint;

  @BeforeEach
  void open() throws Exception {
    archive = new LoggedArchive(data);
    checkpoint = archive.writer().keepCheckpoint();
  }

  @AfterEach
  void close() throws Exception {
    archive.close();
  }
}
