package org.muniment.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.Entries;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.ArchiveKeys;
import org.muniment.server.runtime.Installation;

/// An import in a process of its own that is killed again and again.
class ImportCrashTest {

  private static final String FROM = "From a@example.com Mon Jan  3 10:00:05 2005\n";
  private static final int MESSAGES = 6_000;
  private static final int KILLS = 4;

  @TempDir Path folder;

  @Test
  void everyMessageIsThereAsOftenAsInTheFileHoweverOftenTheImportIsKilled() throws Exception {
    long seed = System.nanoTime();
    System.out.println("ImportCrashTest seed " + seed);
    Random random = new Random(seed);
    Path mbox = folder.resolve("mail.mbox");
    List<String> expected = write(mbox, random);
    Path config = Files.writeString(folder.resolve("config.yml"), "logging: { level: WARN }\n");
    Settings settings = ConfigFile.load(config, name -> null);
    Installation.open(settings, line -> {}).close();
    int killed = 0;
    try (Archive archive = Archive.open(folder.resolve("data/archive"), ArchiveKeys.of(settings))) {
      for (int kill = 1; kill <= KILLS; kill++) {
        Process child = start(config, mbox);
        long size = (long) kill * MESSAGES / (KILLS + 2) + random.nextInt(MESSAGES / 20);
        while (child.isAlive() && archive.size() < size) {
          Thread.sleep(2);
        }
        Thread.sleep(random.nextInt(30));
        killed += child.isAlive() ? 1 : 0;
        child.destroyForcibly().waitFor();
      }
    }
    assertThat(killed).as("killed in the middle").isGreaterThanOrEqualTo(KILLS - 1);
    Process last = start(config, mbox);
    assertThat(last.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(last.exitValue()).isZero();
    assertThat(archived(settings)).isEqualTo(expected);
  }

  private static Process start(Path config, Path mbox) throws Exception {
    return ProgramChild.start(
        List.of(),
        config,
        ProcessBuilder.Redirect.DISCARD,
        "import",
        "mbox",
        mbox.toString(),
        "--account",
        "vera");
  }

  /// Writes messages of which some are there two or three times.
  ///
  /// @return the SHA-256 of each, sorted
  private static List<String> write(Path mbox, Random random) throws Exception {
    List<String> digests = new ArrayList<>();
    String message = "";
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(mbox))) {
      for (int i = 0; i < MESSAGES; i++) {
        if (i == 0 || random.nextInt(5) > 0) {
          message = "Subject: " + i + "\n\n" + "text ".repeat(random.nextInt(1_000)) + "\n";
        }
        digests.add(RestReader.sha256(message.getBytes(ISO_8859_1)));
        out.write((FROM + message + "\n").getBytes(ISO_8859_1));
      }
    }
    return digests.stream().sorted().toList();
  }

  private static List<String> archived(Settings settings) throws Exception {
    List<String> digests = new ArrayList<>();
    int receipts = 0;
    try (Installation installation = Installation.open(settings, line -> {});
        Entries entries = installation.archive().entriesFrom(0)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.event() instanceof Event.Placement placement) {
          digests.add(placement.content().toString());
        } else if (entry.event() instanceof Event.Poll poll) {
          receipts++;
          assertThat(poll.complete()).isTrue();
          assertThat(poll.mailboxes().getFirst().listed()).isEqualTo(MESSAGES);
        }
      }
      assertThat(installation.catalogue().totals().placements()).isEqualTo(MESSAGES);
    }
    assertThat(receipts).isEqualTo(1);
    return digests.stream().sorted().toList();
  }
}
