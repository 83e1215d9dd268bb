package org.muniment.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.JavaProcess;
import org.muniment.archive.MapIndex;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Progress;

/// Verification of an archive in less memory than would hold one object for each thing in it.
class VerifierMemoryTest {

  private static final int MAILBOXES = 4_000;
  private static final int SEALS = 150;
  private static final int MESSAGES = 120_000;

  @TempDir Path folder;

  /// Each seal repeats all mailboxes, together 600,000.
  @Test
  @Tag("slow")
  void theMailboxesOfAllSealsAreNotHeld() throws Exception {
    MapIndex index = new MapIndex();
    try (Archive archive = Archive.create(folder, "memory.example", RootKeys.NONE);
        ArchiveWriter writer = archive.writer(index)) {
      for (int i = 0; i < MAILBOXES; i++) {
        writer.createMailbox(SampleArchive.ALICE, SourceText.of("box " + i), "/", Set.of());
      }
      for (int i = 0; i < SEALS; i++) {
        writer.createMailbox(SampleArchive.ALICE, SourceText.of("late " + i), "/", Set.of());
        writer.commit();
        index.follow(archive);
        writer.seal(Progress.NONE);
      }
    }
    verify("64m");
  }

  /// What is placed and what is there come to more than 20 MB of objects.
  @Test
  @Tag("slow")
  void messagesAreNotHeld() throws Exception {
    SampleArchive sample = SampleArchive.of(folder, 1);
    try (Archive archive = Archive.create(folder, "memory.example", RootKeys.NONE);
        ArchiveWriter writer = archive.writer(new MapIndex())) {
      sample.appendSmall(writer, MESSAGES);
    }
    verify("20m");
  }

  private void verify(String heap) throws Exception {
    Process process = JavaProcess.of(heap, VerifierMemoryTest.class, folder.toString()).start();
    try (BufferedReader lines = process.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("[]");
    }
    assertThat(process.waitFor()).isZero();
  }

  /// Verifies an archive and prints what it found.
  public static void main(String[] arguments) throws IOException, ArchiveException {
    Report report = Verifier.verify(Path.of(arguments[0]), RootKeys.NONE, Progress.NONE);
    System.out.println(report.findings());
  }
}
