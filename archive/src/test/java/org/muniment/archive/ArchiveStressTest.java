package org.muniment.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.archive.Samples.KEYS;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.id;
import static org.muniment.archive.Samples.inbox;
import static org.muniment.archive.Samples.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Verifier;

/// Readers, followers and verifiers beside writers that commit without a pause and end a journal
/// every few commits.
class ArchiveStressTest {

  private static final long JOURNAL_SIZE = 60_000;
  private static final long DURATION = TimeUnit.SECONDS.toNanos(4);

  @TempDir Path folder;

  @Test
  void nobodyIsDisturbedByABusyWriter() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Path directory = folder.resolve("archive");
    Archive archive = Archive.create(directory, "busy.example", KEYS);
    MapIndex index = new MapIndex();
    long end = System.nanoTime() + DURATION;
    try (ArchiveWriter writer = archive.writer(index, Clock.systemUTC(), JOURNAL_SIZE);
        var threads = Executors.newCachedThreadPool()) {
      MailboxId inbox = inbox(writer);
      List<Future<?>> work = new ArrayList<>();
      for (int thread = 0; thread < 3; thread++) {
        Random random = new Random(seed + thread);
        work.add(threads.submit(until(end, () -> writeSome(writer, inbox, random))));
      }
      work.add(threads.submit(until(end, () -> index.follow(archive))));
      work.add(threads.submit(until(end, () -> verify(directory))));
      for (int thread = 0; thread < 2; thread++) {
        Random random = new Random(seed - thread);
        work.add(threads.submit(until(end, () -> readSome(Archive.open(directory, KEYS), random))));
      }
      for (Future<?> each : work) {
        each.get();
      }
    }
    assertThat(verify(directory).leaves()).isEqualTo(archive.size()).isGreaterThan(50);
    try (var journals = Files.list(directory.resolve("journal"))) {
      assertThat(journals.count()).isGreaterThan(1);
    }
  }

  private static Callable<Integer> until(long end, Callable<?> step) {
    return () -> {
      int rounds = 0;
      while (System.nanoTime() < end) {
        assertThat(step.call()).isNotNull();
        rounds++;
      }
      return rounds;
    };
  }

  private static long writeSome(ArchiveWriter writer, MailboxId inbox, Random random)
      throws IOException {
    for (int i = random.nextInt(30); i >= 0; i--) {
      byte[] octets = new byte[random.nextInt(2_000)];
      new Random(random.nextInt(5_000)).nextBytes(octets);
      append(writer, inbox, 1 + random.nextInt(1 << 30), octets);
    }
    return writer.commit();
  }

  private static long readSome(Archive archive, Random random) throws IOException {
    long position = random.nextLong(archive.size() + 1);
    long given = 0;
    try (Entries entries = archive.entriesFrom(position)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        assertThat(entry.index()).isEqualTo(position + given);
        given++;
        if (entry.location() != null && entry.event() instanceof Event.Placement placement) {
          assertThat(id(read(archive, entry))).isEqualTo(placement.content());
        }
      }
    }
    return given;
  }

  private static Report verify(Path directory) throws IOException {
    Report report = Verifier.verify(directory, KEYS, Progress.NONE);
    assertThat(report.findings()).isEmpty();
    return report;
  }
}
