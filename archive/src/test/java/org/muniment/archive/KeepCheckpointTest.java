package org.muniment.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.archive.store.CorruptArchiveException;

class KeepCheckpointTest {

  @TempDir private Path folder;
  private Archive archive;

  @BeforeEach
  void create() throws Exception {
    archive = Archive.create(folder.resolve("archive"), "test.example/archive", RootKeys.NONE);
  }

  private static void grow(ArchiveWriter writer) throws Exception {
    writer.createMailbox(Samples.ALICE, SourceText.of("INBOX"), "/", Set.of());
    writer.commit();
  }

  @Test
  void theNewestCheckpointIsKeptAndStaysWhenTheLogGrows() throws Exception {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      grow(writer);
      SignedCheckpoint first = writer.keepCheckpoint();
      assertThat(first.checkpoint()).isEqualTo(archive.checkpoint());
      grow(writer);
      assertThat(writer.keepCheckpoint().checkpoint().size()).isEqualTo(2);

      assertThat(folder.resolve("archive/log/checkpoints/1")).hasBinaryContent(first.octets());
      assertThat(folder.resolve("archive/log/checkpoints/2")).exists();
    }
    try (ArchiveWriter again = archive.writer(new MapIndex())) {
      assertThat(again.keepCheckpoint().checkpoint()).isEqualTo(archive.checkpoint());
    }
  }

  @Test
  void aLogThatDiffersFromWhatWasSentIsNotWrittenTo() throws Exception {
    Archive other = Archive.create(folder.resolve("other"), "test.example/archive", RootKeys.NONE);
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      grow(writer);
      writer.keepCheckpoint();
      Path kept = folder.resolve("archive/log/checkpoints/1");
      try (ArchiveWriter stranger = other.writer(new MapIndex())) {
        grow(stranger);
        Files.write(kept, stranger.keepCheckpoint().octets());
      }
      assertThatThrownBy(writer::keepCheckpoint)
          .isInstanceOf(CorruptArchiveException.class)
          .hasMessageContaining("log/checkpoints/1");
      assertThatThrownBy(() -> grow(writer)).hasMessageContaining("closed to writing");
    }
  }
}
