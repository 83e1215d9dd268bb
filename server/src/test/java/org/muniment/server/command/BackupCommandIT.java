package org.muniment.server.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.ContentIndex;
import org.muniment.archive.Location;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.store.Progress;
import org.muniment.server.Shell;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.ArchiveKeys;
import org.muniment.server.runtime.Installation;

class BackupCommandIT {

  private static final AccountName ALICE = new AccountName("alice");

  /// Knows nothing, so that everything is stored.
  private static final ContentIndex NOTHING =
      new ContentIndex() {
        @Override
        public @Nullable Location find(ContentId id) {
          return null;
        }

        @Override
        public @Nullable Location findPart(ContentId id) {
          return null;
        }

        @Override
        public long position() {
          return 0;
        }
      };

  @TempDir private Path folder;
  private Path backup;
  private Shell shell;
  private volatile boolean stopping;
  private volatile int acknowledged;

  @BeforeEach
  void create() throws IOException {
    backup = folder.resolve("elsewhere/backup");
    config("data");
    shell = new Shell(folder.resolve("data.yml"));
    assertThat(run("data", "", "init")).as(shell.err()).isZero();
    assertThat(run("data", "a long password", "user", "add", "alice", "--password-stdin")).isZero();
  }

  @Test
  void whatIsCopiedBesideAWriterIsRestoredByCopyingItBack() throws Exception {
    Settings settings = ConfigFile.load(folder.resolve("data.yml"), n -> null);
    Archive archive = Archive.open(settings.archiveFolder(), ArchiveKeys.of(settings));
    try (ArchiveWriter writer = archive.writer(NOTHING);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> appending = threads.submit(() -> append(writer));
      Future<?> sealing = threads.submit(() -> seal(writer));
      for (int round = 1; round <= 4; round++) {
        while (acknowledged < round * 50) {
          TimeUnit.MILLISECONDS.sleep(5);
        }
        int before = acknowledged;
        assertThat(run("data", "", "backup", backup.toString()))
            .as(shell.out() + shell.err())
            .isZero();
        assertThat(shell.out())
            .contains("copied ")
            .contains("sound ")
            .contains("root key is not in");
        restoredHolds(before, "restored" + round);
      }
      stopping = true;
      appending.get();
      sealing.get();
    }
  }

  private int append(ArchiveWriter writer) throws Exception {
    MailboxId inbox = writer.createMailbox(ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
    int uid = 0;
    while (!stopping) {
      uid++;
      writer.append(
          Octets.of(
              ("Subject: number " + uid + "\r\n\r\n" + "text ".repeat(uid)).getBytes(US_ASCII)),
          ALICE,
          inbox,
          new Event.SourceUid(new UidValidity(1), new Uid(uid)),
          Instant.EPOCH,
          Set.of(),
          new Event.Provenance("imap", "mail.example", "alice"));
      writer.commit();
      acknowledged = uid;
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return uid;
  }

  private int seal(ArchiveWriter writer) throws Exception {
    int removed = 0;
    while (!stopping) {
      TimeUnit.MILLISECONDS.sleep(200);
      writer.seal(Progress.NONE);
      removed += writer.retire(Duration.ZERO).orElse(0);
    }
    return removed;
  }

  private void restoredHolds(int messages, String name) throws Exception {
    config(name);
    copyBack(folder.resolve(name));
    assertThat(run(name, "", "verify")).as(shell.out() + shell.err()).isZero();
    assertThat(run(name, "", "user", "list")).isZero();
    assertThat(shell.out()).contains("alice");
    try (Installation restored =
        Installation.openExisting(
            ConfigFile.load(folder.resolve(name + ".yml"), n -> null), said -> {})) {
      assertThat(restored.catalogue().messages().capturedSince(0)).isGreaterThanOrEqualTo(messages);
      assertThat(restored.catalogue().position()).isEqualTo(restored.archive().size());
    }
  }

  private void copyBack(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(backup)) {
      for (Path file : files.toList()) {
        Files.copy(file, data.resolve(backup.relativize(file).toString()));
      }
    }
  }

  @Test
  void aFolderThatIsNoneForBackupsIsRefusedAndNothingIsChangedThere() throws Exception {
    assertThat(run("data", "", "backup")).isEqualTo(2);
    assertThat(run("data", "", "backup", folder.resolve("data/tmp/copy").toString())).isEqualTo(3);
    assertThat(shell.err()).contains("lies in the data folder");
    Path letters = Files.createDirectories(folder.resolve("letters"));
    Files.writeString(letters.resolve("a.txt"), "dear");
    assertThat(run("data", "", "backup", letters.toString())).isEqualTo(3);
    assertThat(shell.err()).contains("holds other files, such as a.txt");
    try (Stream<Path> files = Files.list(letters)) {
      assertThat(files).hasSize(1);
    }
    assertThat(run("data", "", "backup", letters.resolve("a.txt").toString())).isEqualTo(3);
    assertThat(shell.err()).contains("a.txt is a file");
  }

  @Test
  void damageIsNamedAndTheCopyStaysWhatItWas() throws Exception {
    assertThat(run("data", "", "backup", backup.toString())).isZero();
    Path key = backup.resolve("archive/log/checkpoints/99");
    Files.createDirectories(key.getParent());
    Files.writeString(key, "no checkpoint\n");
    assertThat(run("data", "", "backup", "--all", backup.toString())).isEqualTo(1);
    assertThat(shell.out()).contains("WRONG     log/checkpoints/99").contains("the copy stays at");
  }

  private void config(String data) throws IOException {
    Files.writeString(folder.resolve(data + ".yml"), "archive: { path: " + data + " }\n");
  }

  private int run(String data, String input, String... arguments) {
    shell = new Shell(folder.resolve(data + ".yml"));
    return shell.runWith(input, arguments);
  }
}
