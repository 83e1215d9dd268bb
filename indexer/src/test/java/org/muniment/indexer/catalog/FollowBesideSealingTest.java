package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;

/// Those who follow and read while the archive is sealed and its journals are removed, in this
/// process and as another one.
class FollowBesideSealingTest {

  private static final int ROUNDS = 30;
  private static final int MESSAGES = 5;

  @TempDir Path directory;
  private final List<Message> archived = new CopyOnWriteArrayList<>();

  @Test
  void everyMessageIsMetOnceAndReadFromAnyPlaceItEverHad() throws Exception {
    long seed = System.nanoTime();
    System.out.println("FollowBesideSealingTest seed " + seed);
    try (LiveArchive live = new LiveArchive(directory);
        Archive other = Archive.open(live.archive().directory(), RootKeys.NONE);
        Catalogue late = Catalogue.open(directory.resolve("late.db"));
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Future<?> filling = threads.submit(() -> fill(live));
      List<Future<?>> others =
          List.of(
              threads.submit(() -> follow(other, late, filling)),
              threads.submit(() -> read(live.archive(), new Random(seed), filling)),
              threads.submit(() -> read(other, new Random(seed + 1), filling)));
      filling.get(2, TimeUnit.MINUTES);
      for (Future<?> each : others) {
        each.get(1, TimeUnit.MINUTES);
      }
      assertThat(archived).hasSize(ROUNDS * MESSAGES);
      assertThat(CatalogueDump.of(directory.resolve("late.db")))
          .isEqualTo(CatalogueDump.of(live.catalogueFile()));
    }
  }

  private int fill(LiveArchive live) throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < MESSAGES; i++) {
        live.add(inbox, mail("a@example.com", "s" + round + "." + i, "text ".repeat(i * 500)));
      }
      live.settle();
      for (int number = round * MESSAGES; number < (round + 1) * MESSAGES; number++) {
        archived.add(live.catalogue().messages().find(List.of(number)).get(number));
      }
      live.writer().seal(Progress.NONE);
      live.writer().retire(Duration.ZERO);
    }
    live.settle();
    return ROUNDS;
  }

  private static long follow(Archive archive, Catalogue catalogue, Future<?> filling)
      throws IOException {
    boolean last;
    do {
      last = filling.isDone();
      try (CatalogueFollower follower =
          new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
        follower.catchUp();
      }
    } while (!last);
    return catalogue.position();
  }

  /// Reads messages where they lay when they were new.
  private int read(Archive archive, Random random, Future<?> filling) throws IOException {
    int read = 0;
    while (!filling.isDone()) {
      if (!archived.isEmpty()) {
        Message message = archived.get(random.nextInt(archived.size()));
        try (InputStream octets = archive.open(message.content(), message.location(), 0)) {
          assertThat(octets.readAllBytes()).hasSize(Math.toIntExact(message.length()));
          read++;
        }
      }
    }
    return read;
  }
}
