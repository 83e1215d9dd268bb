package org.muniment.archive.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.LocalDisk;

class KeptCheckpointsTest {

  private final Note.Signer signer = Note.Signer.generate("test.example/log");

  @TempDir private Path folder;

  private KeptCheckpoints kept() {
    return new KeptCheckpoints(new LocalDisk(folder), "log/", signer.verifier());
  }

  private SignedCheckpoint checkpoint(long size, int root) {
    byte[] hash = new byte[TreeHash.LENGTH];
    hash[0] = (byte) root;
    byte[] note = Checkpoint.of(signer.verifier().name(), size, hash).sign(signer);
    return SignedCheckpoint.open(note, signer.verifier());
  }

  @Test
  void eachIsKeptUnderItsSize() throws Exception {
    assertThat(kept().keep(checkpoint(7, 1))).isEqualTo(checkpoint(7, 1));
    assertThat(kept().keep(checkpoint(70_000, 2))).isEqualTo(checkpoint(70_000, 2));

    assertThat(folder.resolve("log/checkpoints/7")).hasBinaryContent(checkpoint(7, 1).octets());
    assertThat(folder.resolve("log/checkpoints/70000"))
        .hasBinaryContent(checkpoint(70_000, 2).octets());
  }

  @Test
  void theSameOneIsNotWrittenAgain() throws Exception {
    kept().keep(checkpoint(7, 1));
    Path file = folder.resolve("log/checkpoints/7");
    Object before = Files.getAttribute(file, "unix:ino");

    assertThat(kept().keep(checkpoint(7, 1))).isEqualTo(checkpoint(7, 1));
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
  }

  @Test
  void anotherRootAtTheSameSizeIsAnErrorAndTheFirstStays() throws Exception {
    kept().keep(checkpoint(7, 1));

    assertThatThrownBy(() -> kept().keep(checkpoint(7, 2)))
        .isInstanceOf(CorruptArchiveException.class)
        .hasMessageContaining("log/checkpoints/7: expected root 02")
        .hasMessageContaining("found root 01");
    assertThat(folder.resolve("log/checkpoints/7")).hasBinaryContent(checkpoint(7, 1).octets());
  }

  @Test
  void aKeptOneThatWasChangedIsNamed() throws Exception {
    kept().keep(checkpoint(7, 1));
    Path file = folder.resolve("log/checkpoints/7");
    String note = Files.readString(file);
    Files.writeString(file, note.replace("\n7\n", "\n8\n"), StandardCharsets.UTF_8);

    assertThatThrownBy(() -> kept().keep(checkpoint(7, 1)))
        .isInstanceOf(CorruptArchiveException.class)
        .hasMessageContaining("log/checkpoints/7: expected a signed checkpoint");
  }
}
