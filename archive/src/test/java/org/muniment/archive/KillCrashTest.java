package org.muniment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.inbox;
import static org.muniment.archive.Samples.read;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.archive.verify.Verifier;

/// SIGKILL at any moment of a process that appends, commits, seals and removes journals.
class KillCrashTest {

  private static final long JOURNAL_SIZE = 60_000;
  private static final int GROUP = 20;

  /// Everything is read after each kill: an archive lives for so many.
  private static final int KILLS_OF_ONE = 8;

  @TempDir Path folder;

  @Test
  void aFewKillsLoseNothing() throws Exception {
    killAndLook(4);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void twoHundredKillsLoseNothing() throws Exception {
    killAndLook(200);
  }

  private void killAndLook(int kills) throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path directory = folder;
    Path key = folder.resolve("key");
    RootKeys keys = Samples.KEYS;
    Files.writeString(key, keys.text());
    Set<Long> acknowledged = new HashSet<>();
    for (int kill = 0; kill < kills; kill++) {
      if (kill % KILLS_OF_ONE == 0) {
        directory = folder.resolve("archive " + kill);
        Archive.create(directory, "kill.example", keys).close();
        acknowledged.clear();
      }
      acknowledged.addAll(runUntilKilled(directory, key, random, kill % 2 == 1));
      String where = "seed " + seed + ", kill " + kill;
      assertThat(Verifier.verify(directory, keys, Progress.NONE).findings()).as(where).isEmpty();
      check(directory, keys, acknowledged, where);
    }
    assertThat(acknowledged).isNotEmpty();
  }

  /// @param late whether it lives until it has committed something, however slow the machine is
  /// @return what the process said that it had committed
  private static Set<Long> runUntilKilled(Path directory, Path key, Random random, boolean late)
      throws Exception {
    Process process =
        JavaProcess.of("256m", KillCrashTest.class, directory.toString(), key.toString()).start();
    Set<Long> acknowledged = new HashSet<>();
    CountDownLatch due = new CountDownLatch(late ? 1 : 0);
    try (BufferedReader lines = process.inputReader()) {
      requireNonNull(lines.readLine(), "the process has an archive open");
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  due.await();
                  TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                // Not that of the process itself, which would close what it said, too.
                process.toHandle().destroyForcibly();
              });
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // A line that the kill cut off has no point at its end.
        if (line.endsWith(".")) {
          acknowledged.add(Long.parseLong(line.substring(0, line.length() - 1)));
          due.countDown();
        }
      }
    }
    assertThat(process.waitFor()).isEqualTo(128 + 9);
    return acknowledged;
  }

  private static void check(Path directory, RootKeys keys, Set<Long> acknowledged, String where)
      throws IOException {
    Set<Long> uids = new HashSet<>();
    Map<ContentId, Location> locations = new HashMap<>();
    try (Archive archive = Archive.open(directory, keys)) {
      for (Entry entry : entries(archive)) {
        if (entry.event() instanceof Event.Placement placement) {
          if (entry.location() != null) {
            locations.put(placement.content(), entry.location());
          }
          long uid = Samples.sourceUid(placement);
          assertThat(uids.add(uid)).as(where + ", UID " + uid + " is there once").isTrue();
          Location location = requireNonNull(locations.get(placement.content()));
          assertThat(read(archive, placement.content(), location))
              .isEqualTo(Busy.octets((int) uid));
        }
      }
    }
    assertThat(uids).as(where).containsAll(acknowledged);
  }

  /// The process that is killed.
  ///
  /// @param arguments the archive and a file with its root key
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    RootKeys keys = RootKeys.parse(Files.readString(Path.of(arguments[1]), UTF_8));
    MapIndex index = new MapIndex();
    Archive archive = Archive.open(directory, keys);
    index.follow(archive);
    try (ArchiveWriter writer = archive.writer(index, Clock.systemUTC(), JOURNAL_SIZE)) {
      System.out.println("open");
      MailboxId inbox = null;
      long uid = 0;
      for (Entry entry : entries(archive)) {
        if (entry.event() instanceof Event.MailboxCreated mailbox) {
          inbox = mailbox.id();
        } else if (entry.event() instanceof Event.Placement placement) {
          uid = Math.max(uid, Samples.sourceUid(placement));
        }
      }
      work(archive, writer, index, inbox == null ? inbox(writer) : inbox, uid);
    }
  }

  private static void work(
      Archive archive, ArchiveWriter writer, MapIndex index, MailboxId inbox, long lastUid)
      throws IOException {
    long uid = lastUid;
    for (int round = 1; ; round++) {
      for (int i = 0; i < GROUP; i++) {
        uid++;
        append(writer, inbox, uid, Busy.octets((int) uid));
      }
      writer.commit();
      for (long each = uid - GROUP + 1; each <= uid; each++) {
        System.out.println(each + ".");
      }
      if (round % 5 == 0) {
        index.follow(archive);
        writer.seal(Progress.NONE);
        index.follow(archive);
        writer.retire(round % 10 == 0 ? Duration.ZERO : Duration.ofDays(1));
      }
    }
  }
}
