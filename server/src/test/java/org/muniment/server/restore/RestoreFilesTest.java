package org.muniment.server.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What restores leave is deleted in time, and nothing else.
class RestoreFilesTest {

  private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");
  private static final String ONE = "lena-0123456789ab";

  @TempDir Path folder;

  private void file(String name, Duration age) throws IOException {
    Files.setLastModifiedTime(
        Files.writeString(folder.resolve(name), "x"), FileTime.from(NOW.minus(age)));
  }

  private List<String> left(Duration keep) throws IOException {
    RestoreFiles.expire(folder, keep, NOW);
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void receiptsAndCheckpointsGoWhenTheyAreOld() throws IOException {
    Duration week = Duration.ofDays(7);
    for (String kind : List.of(".txt", ".jsonl", ".checkpoint.db", ".checkpoint.db-wal")) {
      file(ONE + kind, week.plusSeconds(1));
      file("bob@example.com-ba9876543210" + kind, week);
    }
    assertThat(left(week))
        .hasSize(4)
        .allMatch(name -> name.startsWith("bob@example.com-ba9876543210"));
  }

  @Test
  void aCheckpointThatIsWrittenToStays() throws IOException {
    file(ONE + ".checkpoint.db", Duration.ofDays(9));
    file(ONE + ".checkpoint.db-wal", Duration.ofHours(23));
    file(ONE + ".txt", Duration.ofSeconds(2));
    assertThat(left(Duration.ofSeconds(1)))
        .containsExactly(ONE + ".checkpoint.db", ONE + ".checkpoint.db-wal");
  }

  @Test
  void whatElseLiesThereIsLeftAlone() throws IOException {
    for (String name : List.of("notes.txt", "lena-0123.txt", ONE + ".txt.bak", ONE)) {
      file(name, Duration.ofDays(1_000));
    }
    assertThat(left(Duration.ofSeconds(1))).hasSize(4);
    RestoreFiles.expire(folder.resolve("missing"), Duration.ofDays(1), NOW);
  }
}
