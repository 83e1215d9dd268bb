package org.muniment.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.ContentIndex;
import org.muniment.archive.Location;
import org.muniment.archive.Octets;
import org.muniment.archive.Progress;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.JournalWriter;
import org.muniment.archive.format.State;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;

class VerifierTest {

  private static final AccountName ALICE = new AccountName("alice");

  @TempDir Path folder;
  private Path directory;

  @BeforeEach
  void create() throws IOException {
    directory = folder.resolve("archive");
    Random random = new Random(5);
    try (ArchiveWriter writer =
        Archive.create(directory, "verify.example").writer(new EmptyIndex())) {
      MailboxId inbox = writer.createMailbox(ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
      for (int i = 1; i <= 300; i++) {
        byte[] octets = new byte[i == 7 ? (2 << 20) + 1 : i];
        random.nextBytes(octets);
        writer.append(
            Octets.of(octets),
            ALICE,
            inbox,
            new Event.SourceUid(new UidValidity(1), new Uid(i)),
            Instant.EPOCH,
            Set.of(),
            new Event.Provenance("imap", "mail.example", "alice"));
        if (i % 50 == 0) {
          writer.commit();
        }
      }
    }
  }

  @Test
  void aSoundArchiveHasNoFindings() throws IOException {
    Report report = Verifier.verify(directory, Progress.NONE);
    assertThat(report.findings()).isEmpty();
    assertThat(report.leaves()).isEqualTo(301);
    assertThat(report.messages()).isEqualTo(300);
  }

  @Test
  void anyFlippedBitOfJournalLogOrFormatIsFound() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Path> files = files();
    for (int i = 0; i < 200; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] octets = Files.readAllBytes(file);
      int at = random.nextInt(octets.length);
      octets[at] ^= (byte) (1 << random.nextInt(8));
      change(file, octets, file + " octet " + at + " seed " + seed);
    }
  }

  @Test
  void aFileCutShortOrRemovedIsFound() throws IOException {
    for (Path file : files()) {
      byte[] octets = Files.readAllBytes(file);
      change(file, java.util.Arrays.copyOf(octets, octets.length - 1), file + " cut");
      Files.delete(file);
      assertThat(Files.exists(file)).isFalse();
      assertThat(found()).as(file + " removed").isTrue();
      Files.write(file, octets);
    }
    assertThat(found()).isFalse();
  }

  @Test
  void aDamagedMessageIsNamedAndHidesNoOther() throws IOException {
    Path journal = directory.resolve("journal/0000000001");
    byte[] octets = Files.readAllBytes(journal);
    for (int at : List.of(octets.length / 3, octets.length / 2)) {
      // Both places are in the octets of the one large message, in different pieces of it.
      octets[at] ^= 1;
    }
    Files.write(journal, octets);
    Report report = Verifier.verify(directory, Progress.NONE);
    assertThat(report.findings()).hasSize(3);
    assertThat(report.findings().getLast().text()).contains("of " + ((2 << 20) + 1));
    assertThat(report.leaves()).isEqualTo(301);
    assertThat(report.messages()).isEqualTo(300);
  }

  @Test
  void aStateThatTheEventsDoNotLeadToIsFound() throws IOException {
    Disk disk = new LocalDisk(directory);
    FormatFile format = FormatFile.read(Files.readAllBytes(directory.resolve("FORMAT")));
    State state = new State(Map.of(new MailboxId("0123456789abcdef"), 1L), Instant.EPOCH);
    JournalWriter.create(disk, format.id(), new JournalFile(2, 301), state.write()).close();
    Report report = Verifier.verify(directory, Progress.NONE);
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().getFirst().text()).contains("journal/0000000002", "state");
  }

  private void change(Path file, byte[] octets, String what) throws IOException {
    byte[] before = Files.readAllBytes(file);
    Files.write(file, octets);
    assertThat(found()).as(what).isTrue();
    Files.write(file, before);
  }

  private boolean found() {
    try {
      return !Verifier.verify(directory, Progress.NONE).sound();
    } catch (IOException e) {
      return true;
    }
  }

  /// All that the evidence rests on: not the secret key, not the lock, not partial tiles that a
  /// newer one took the place of.
  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(directory.resolve("keys")))
          .filter(file -> !file.endsWith("lock"))
          .filter(file -> !stale(directory.relativize(file).toString()))
          .toList();
    }
  }

  private static boolean stale(String name) {
    return name.contains(".p/")
        && !List.of("log/tile/0/001.p/45", "log/tile/1/000.p/1", "log/tile/entries/001.p/45")
            .contains(name);
  }

  private record EmptyIndex() implements ContentIndex {
    @Override
    public @Nullable Location find(ContentId id) {
      return null;
    }

    @Override
    public long position() {
      return 0;
    }
  }
}
