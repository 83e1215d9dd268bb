package org.muniment.server.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

  private static final Duration KEEP = Duration.ofDays(7);

  @TempDir Path folder;

  private Instant now = Instant.parse("2026-03-31T12:00:00Z");

  private Results open() throws IOException {
    return Results.open(folder.resolve("results"), KEEP, () -> now);
  }

  private static String make(Results results, String user) throws IOException {
    String id = results.begin();
    Files.writeString(results.folder(id).resolve("a.zip"), "octets");
    return results.finish(id, user, "export").id();
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("results"))) {
      return files.count();
    }
  }

  @Test
  void aResultIsForWhoMadeItAlone() throws IOException {
    Results results = open();
    String id = make(results, "alice");
    assertThat(results.file("alice", id, "a.zip")).isPresent();
    assertThat(results.file("bob", id, "a.zip")).isEmpty();
    assertThat(results.file("alice", id, "../" + id + ".json")).isEmpty();
    assertThat(results.file("alice", "x", "a.zip")).isEmpty();
    assertThat(results.all("alice").getFirst().expires()).isEqualTo(now.plus(KEEP));
    assertThat(results.all("bob")).isEmpty();
    Path owner = folder.resolve("results").resolve(id + ".json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(owner)))
        .isEqualTo("rw-------");
  }

  @Test
  void itOutlivesTheServerUntilItExpires() throws IOException {
    String id = make(open(), "alice");
    now = now.plus(KEEP).minusMillis(1);
    Results results = open();
    assertThat(results.file("alice", id, "a.zip")).isPresent();
    now = now.plusMillis(1);
    assertThat(results.file("alice", id, "a.zip")).isEmpty();
    assertThat(files()).isEqualTo(2);
    results.sweep();
    assertThat(files()).isZero();
  }

  @Test
  void whatExpiredWhileNobodyWasThereIsDeletedAtTheStart() throws IOException {
    make(open(), "alice");
    now = now.plus(KEEP);
    open();
    assertThat(files()).isZero();
  }

  @Test
  void whatIsNotFinishedStaysWhileItIsMadeAndGoesAtTheStart() throws IOException {
    Results results = open();
    String id = results.begin();
    Files.createDirectories(results.folder(id).resolve("deep/er"));
    results.sweep();
    assertThat(results.folder(id)).exists();
    open();
    assertThat(files()).isZero();
  }

  @Test
  void ofOneUserTheOldestGoesFirst() throws IOException {
    Results results = open();
    String first = make(results, "alice");
    String bob = make(results, "bob");
    for (int i = 0; i < Results.MOST_OF_ONE; i++) {
      now = now.plusSeconds(1);
      make(results, "alice");
    }
    assertThat(results.all("alice")).hasSize(Results.MOST_OF_ONE);
    assertThat(results.file("alice", first, "a.zip")).isEmpty();
    assertThat(results.file("bob", bob, "a.zip")).isPresent();
  }

  @Test
  void whatElseLiesThereIsLeftAlone() throws IOException {
    Results results = open();
    Files.writeString(folder.resolve("results/notes.txt"), "mine");
    make(results, "alice");
    results.sweep();
    assertThat(folder.resolve("results/notes.txt")).exists();
  }
}
