package org.muniment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.muniment.archive.Samples.KEYS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.SourceText;

/// Debian's rsync copies an archive that is at work, in the order of docs/archive-format.md.
@SuppressWarnings("try")
class RsyncIT {

  /// Run with the archive as `$1` and the copy as `$2`.
  private static final String ORDER =
      """
      from=$1 to=$2
      copy() { rsync -a --exclude '*.tmp' "$@" --exclude '*' "$from/" "$to/" || [ $? = 24 ]; }
      copy --include '/log/' --include '/log/checkpoints/***' &&
      cp "$from/log/checkpoint" "$to.checkpoint" &&
      copy --include '/FORMAT' --include '/keys/***' &&
      copy --include '/journal/***' &&
      copy --include '/segments/***' &&
      copy --include '/keys/***' &&
      copy --include '/log/' --include '/log/tile/***' &&
      rsync --ignore-times "$to.checkpoint" "$to/log/checkpoint" &&
      copy --include '/journal/***' --existing --ignore-existing --delete
      """;

  /// What 24 hours are to a copy that takes some of them: sealed journals stay that long.
  private static final Duration RETIREMENT = Duration.ofSeconds(5);

  @TempDir Path folder;

  @BeforeAll
  static void installed() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/rsync")) || "true".equals(System.getenv("CI")),
        "rsync is missing");
  }

  @Test
  void everythingAcknowledgedIsInACopyMadeWhileMailArrivesAndIsSealedAndRemoved() throws Exception {
    Path directory = folder.resolve("archive");
    Archive archive = Archive.create(directory, "rsync.example", KEYS);
    Path copy = folder.resolve("copy");
    try (Busy busy = new Busy(archive, RETIREMENT)) {
      busy.goOn(100);
      for (int round = 0; round < 5; round++) {
        int acknowledged = busy.acknowledged();
        rsync(directory, copy);
        check(copy, acknowledged, "round " + round);
        opensForWriting(copy, acknowledged, round);
        busy.goOn(200);
      }
      assertThat(directory.resolve("journal/0000000001")).doesNotExist();
    }
    rsync(directory, copy);
    check(copy, 100, "at rest");
    assertThat(Archive.open(copy, KEYS).size()).isEqualTo(archive.size());
  }

  private static void check(Path copy, int acknowledged, String where) throws IOException {
    BackupTest.verify(copy);
    BackupTest.everyMessageIsThere(Archive.open(copy, KEYS), acknowledged);
    assertThat(copy.resolve("log/checkpoint")).as(where).isNotEmptyFile();
  }

  /// In a copy of the copy, because what is written to a copy sets it apart from the archive.
  private void opensForWriting(Path copy, int acknowledged, int round) throws Exception {
    Path restored = folder.resolve("restored" + round);
    run("cp -a \"$1\" \"$2\"", copy, restored);
    Archive archive = Archive.open(restored, KEYS);
    try (ArchiveWriter writer = archive.writer(new MapIndex().follow(archive))) {
      writer.createMailbox(Samples.ALICE, SourceText.of("new"), "/", Set.of());
      writer.commit();
    }
    BackupTest.verify(restored);
    BackupTest.everyMessageIsThere(Archive.open(restored, KEYS), acknowledged);
  }

  private static void rsync(Path archive, Path copy) throws Exception {
    run(ORDER, archive, copy);
  }

  private static void run(String script, Path from, Path to) throws Exception {
    Process process =
        new ProcessBuilder(List.of("bash", "-c", script, "bash", from.toString(), to.toString()))
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
