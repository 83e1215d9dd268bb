package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.BOB;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;
import org.muniment.indexer.mail.Defect;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureReader;

class CatalogueFollowerTest {

  @TempDir Path directory;

  @Test
  void rebuildEqualsWhatWasFollowedStepByStepAndReopened() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (LiveArchive live = new LiveArchive(directory)) {
      Path steps = directory.resolve("steps.db");
      List<MailboxId> mailboxes = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        if (i % 10 == 0) {
          mailboxes.add(live.mailbox(i % 20 == 0 ? ALICE : BOB, "folder " + i));
        }
        for (int j = random.nextInt(4); j >= 0; j--) {
          MailboxId mailbox = mailboxes.get(random.nextInt(mailboxes.size()));
          live.add(mailbox, mail("a@example.com", "s" + random.nextInt(40), "b"), "\\Seen");
        }
        live.poll(ALICE, "");
        live.writer().commit();
        try (Catalogue catalogue = Catalogue.open(steps)) {
          live.follow(catalogue);
          assertThat(catalogue.position()).isEqualTo(live.archive().size());
        }
      }
      live.settle();
      assertThat(CatalogueDump.of(steps))
          .as("seed %d", seed)
          .isEqualTo(CatalogueDump.of(live.catalogueFile()));
    }
  }

  @Test
  void catalogueAheadOfTheArchiveIsMadeAgain() throws IOException {
    Path file = directory.resolve("moved.db");
    fill(directory.resolve("long"), 20, file);
    assertMadeAgain(fill(directory.resolve("short"), 3, directory.resolve("own.db")), file);
  }

  @Test
  void catalogueOfAnotherArchiveIsMadeAgain() throws IOException {
    Path file = directory.resolve("moved.db");
    fill(directory.resolve("short"), 3, file);
    assertMadeAgain(fill(directory.resolve("long"), 20, directory.resolve("own.db")), file);
  }

  private static Archive fill(Path folder, int messages, Path catalogue) throws IOException {
    Files.createDirectories(folder);
    try (LiveArchive live = new LiveArchive(folder);
        Catalogue other = Catalogue.open(catalogue)) {
      MailboxId inbox = live.mailbox(ALICE, "INBOX");
      for (int i = 0; i < messages; i++) {
        live.add(inbox, mail("a@example.com", "s" + i, "b"));
      }
      live.settle();
      live.follow(other);
      return live.archive();
    }
  }

  private static void assertMadeAgain(Archive archive, Path file) throws IOException {
    try (Catalogue catalogue = Catalogue.open(file);
        CatalogueFollower follower =
            new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
      follower.catchUp();
      assertThat(catalogue.position()).isEqualTo(archive.size());
      assertThat(catalogue.totals().messages()).isEqualTo(archive.size() - 1);
      assertThat(catalogue.mailboxes().of(ALICE)).hasSize(1);
    }
  }

  @Test
  void followsInAThreadOfItsOwnWhenSignalled() throws Exception {
    CountDownLatch advanced = new CountDownLatch(1);
    try (LiveArchive live = new LiveArchive(directory);
        CatalogueFollower follower =
            new CatalogueFollower(
                live.archive(), live.catalogue(), Progress.NONE, advanced::countDown)) {
      follower.start();
      live.add(live.mailbox(ALICE, "INBOX"), mail("a@example.com", "s", "b"));
      live.writer().commit();
      follower.signal();
      assertThat(advanced.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(live.catalogue().position()).isEqualTo(2);
      assertThat(follower.failure()).isEmpty();
    }
  }

  @Test
  void aMessageThatBreaksItsReaderKeepsBackNoOther() throws IOException {
    try (LiveArchive live = new LiveArchive(directory);
        CatalogueFollower follower =
            new CatalogueFollower(
                live.archive(),
                live.catalogue(),
                Progress.NONE,
                () -> {},
                CatalogueFollowerTest::readWithADefect)) {
      MailboxId inbox = live.mailbox(ALICE, "INBOX");
      live.add(inbox, mail("a@example.com", "before", "b"));
      live.add(inbox, mail("a@example.com", "poison", "b"));
      live.add(inbox, mail("a@example.com", "after", "b"));
      live.writer().commit();
      follower.catchUp();
      assertThat(live.catalogue().position()).isEqualTo(live.archive().size());
      assertThat(live.catalogue().messages().captured(0, Long.MAX_VALUE, 10))
          .extracting(
              message -> message.message().subject(), message -> message.structure().defects())
          .containsExactly(
              tuple("before", List.of()),
              tuple("", List.of(new Defect(Defect.Kind.UNREADABLE, 0))),
              tuple("after", List.of()));
    }
  }

  private static Structure readWithADefect(InputStream octets) throws IOException {
    Structure structure = StructureReader.read(octets);
    if ("poison".equals(structure.envelope().subject())) {
      throw new IllegalStateException("a defect of the reader");
    }
    return structure;
  }

  @Test
  void failureIsToldUntilItIsOver() throws Exception {
    try (LiveArchive live = new LiveArchive(directory);
        CatalogueFollower follower =
            new CatalogueFollower(live.archive(), live.catalogue(), Progress.NONE, () -> {})) {
      live.add(live.mailbox(ALICE, "INBOX"), mail("a@example.com", "s", "b"));
      live.writer().commit();
      Path journals = directory.resolve("archive/journal");
      Path away = directory.resolve("away");
      Files.move(journals, away);
      assertThatThrownBy(follower::catchUp).isInstanceOf(Exception.class);
      assertThat(follower.failure()).isPresent();
      assertThat(live.catalogue().position()).isZero();
      Files.move(away, journals);
      follower.catchUp();
      assertThat(follower.failure()).isEmpty();
      assertThat(live.catalogue().position()).isEqualTo(2);
    }
    assertThat(Follower.RETRY).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void twoProcessesThatFollowAtOnceMakeTheSameCatalogue() throws Exception {
    try (LiveArchive live = new LiveArchive(directory)) {
      MailboxId inbox = live.mailbox(ALICE, "INBOX");
      MailboxId sent = live.mailbox(BOB, "Sent");
      Path shared = directory.resolve("shared.db");
      for (int i = 0; i < 3_000; i++) {
        live.add(i % 3 == 0 ? sent : inbox, mail("a@example.com", "s" + i / 2, "b"));
      }
      live.writer().commit();
      CyclicBarrier begin = new CyclicBarrier(2);
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        Callable<Long> follow =
            () -> {
              begin.await();
              try (Catalogue catalogue = Catalogue.open(shared)) {
                live.follow(catalogue);
                return catalogue.position();
              }
            };
        for (Future<Long> position : threads.invokeAll(List.of(follow, follow))) {
          assertThat(position.get()).isEqualTo(live.archive().size());
        }
      }
      live.settle();
      assertThat(CatalogueDump.of(shared)).isEqualTo(CatalogueDump.of(live.catalogueFile()));
    }
  }

  @Test
  void twoFollowersOfOneCatalogueDoNotDisturbEachOther() throws IOException {
    try (LiveArchive live = new LiveArchive(directory);
        Catalogue second = Catalogue.open(live.catalogueFile())) {
      MailboxId inbox = live.mailbox(ALICE, "INBOX");
      for (int i = 0; i < 5; i++) {
        live.add(inbox, mail("a@example.com", "s" + i, "b"));
        live.settle();
        live.follow(second);
      }
      assertThat(second.totals().messages()).isEqualTo(5);
      assertThat(second.position()).isEqualTo(live.archive().size());
    }
  }
}
