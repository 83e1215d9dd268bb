package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;

class CatalogueRebuildTest {

  @TempDir Path directory;

  @Test
  void whatIsMadeAnewIsWhatWasThere() throws IOException {
    try (LiveArchive live = filled()) {
      Path file = copyOfOpenCatalogue(live);
      CatalogueRebuild.run(file, live.archive(), Progress.NONE);
      assertThat(CatalogueDump.of(file)).isEqualTo(dump(live));
      assertThat(besides(file)).containsExactly(file.getFileName().toString());
    }
  }

  @Test
  void whatWasInTheWriteAheadLogOfTheOldOneIsGone() throws IOException {
    try (LiveArchive live = filled()) {
      Path file = copyOfOpenCatalogue(live);
      assertThat(besides(file)).contains(file.getFileName() + "-wal");
      Jdbi.create("jdbc:sqlite:" + live.catalogueFile())
          .useHandle(handle -> handle.execute("UPDATE mailbox SET uid_next = 77"));
      copyOfOpenCatalogue(live);
      CatalogueRebuild.run(file, live.archive(), Progress.NONE);
      assertThat(CatalogueDump.of(file).get("mailbox")).isNotEqualTo(dump(live).get("mailbox"));
      try (Catalogue catalogue = Catalogue.open(file)) {
        assertThat(catalogue.mailboxes().of(ALICE).getFirst().uidNext()).isEqualTo(51);
      }
    }
  }

  @Test
  void aDamagedCatalogueAndOneThatIsNotThereAreMadeAnew() throws IOException {
    try (LiveArchive live = filled()) {
      Path file = directory.resolve("copy/catalogue.db");
      CatalogueRebuild.run(file, live.archive(), Progress.NONE);
      assertThat(CatalogueDump.of(file)).isEqualTo(dump(live));
      Files.write(file, "no database at all".repeat(1_000).getBytes(StandardCharsets.US_ASCII));
      Files.write(file.resolveSibling("catalogue.db-wal"), new byte[] {1, 2, 3});
      Files.write(file.resolveSibling("catalogue.db-journal"), new byte[] {0, 2, 3});
      CatalogueRebuild.run(file, live.archive(), Progress.NONE);
      assertThat(besides(file)).containsExactly("catalogue.db");
      assertThat(CatalogueDump.of(file)).isEqualTo(dump(live));
    }
  }

  @Test
  void anErrorInTheMiddleLeavesTheOldOneAndTheNextRunBeginsAnew() throws IOException {
    try (LiveArchive live = filled()) {
      Path file = copyOfOpenCatalogue(live);
      Progress full =
          (done, octets) -> {
            throw new IllegalStateException("the disk is full");
          };
      assertThatThrownBy(() -> CatalogueRebuild.run(file, live.archive(), full))
          .hasMessage("the disk is full");
      assertThat(besides(file)).contains("catalogue.db.unfinished");
      assertThat(CatalogueDump.of(file)).isEqualTo(dump(live));
      Files.write(file.resolveSibling("catalogue.db.unfinished-wal"), new byte[] {1, 2, 3});
      CatalogueRebuild.run(file, live.archive(), Progress.NONE);
      assertThat(besides(file)).containsExactly("catalogue.db");
      assertThat(CatalogueDump.of(file)).isEqualTo(dump(live));
    }
  }

  @Test
  void aCatalogueThatIsInUseStaysAndTheMessageSaysSo() throws IOException {
    try (LiveArchive live = filled()) {
      Map<String, List<String>> before = dump(live);
      assertThatThrownBy(
              () -> CatalogueRebuild.run(live.catalogueFile(), live.archive(), Progress.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("end the commands that are running");
      assertThat(dump(live)).isEqualTo(before);
      live.add(live.mailbox(ALICE, "Later"), mail("a@example.com", "s", "b"));
      live.settle();
      assertThat(live.catalogue().position()).isEqualTo(live.archive().size());
    }
  }

  private LiveArchive filled() throws IOException {
    LiveArchive live = new LiveArchive(directory);
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    for (int i = 0; i < 50; i++) {
      live.add(inbox, mail("a@example.com", "s" + i, "b"));
      if (i % 20 == 19) {
        live.settle();
        live.writer().seal(Progress.NONE);
      }
    }
    return live.settle();
  }

  /// As a crash leaves it.
  private Path copyOfOpenCatalogue(LiveArchive live) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("copy"));
    for (String suffix : List.of("", "-wal")) {
      Files.write(
          folder.resolve("catalogue.db" + suffix),
          Files.readAllBytes(
              live.catalogueFile().resolveSibling(live.catalogueFile().getFileName() + suffix)));
    }
    return folder.resolve("catalogue.db");
  }

  private static List<String> besides(Path file) throws IOException {
    try (var files = Files.list(file.resolveSibling("."))) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<String, List<String>> dump(LiveArchive live) {
    return CatalogueDump.of(live.catalogueFile());
  }
}
