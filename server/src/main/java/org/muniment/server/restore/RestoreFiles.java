package org.muniment.server.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What restores leave in their folder: checkpoints and receipts.
///
/// ```
/// ACCOUNT-KEY.checkpoint.db    and what SQLite puts beside it, -wal and -shm
/// ACCOUNT-KEY.txt
/// ACCOUNT-KEY.jsonl            KEY = 12 hexadecimal digits
/// ```
public final class RestoreFiles {

  private static final String CHECKPOINT = ".checkpoint.db";
  private static final String TEXT = ".txt";
  private static final String JSON = ".jsonl";

  private static final Pattern NAME =
      Pattern.compile(
          "(.+-[0-9a-f]{12}(?:\\.txt|\\.jsonl|\\.checkpoint\\.db))(?:-wal|-shm)?", Pattern.DOTALL);

  /// A restore that is at work writes to its checkpoint more often than this.
  private static final Duration SILENCE = Duration.ofDays(1);

  private RestoreFiles() {}

  static Path checkpoint(Path folder, String name) {
    return folder.resolve(name + CHECKPOINT);
  }

  static Path text(Path folder, String name) {
    return folder.resolve(name + TEXT);
  }

  static Path json(Path folder, String name) {
    return folder.resolve(name + JSON);
  }

  /// Deletes the receipts that are older than `keep`, and the checkpoints that nothing was written
  /// to for so long, and for a day at least.
  ///
  /// @param folder that may not be there
  public static void expire(Path folder, Duration keep, Instant now) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    for (Map.Entry<String, List<Path>> one : byName(folder).entrySet()) {
      boolean checkpoint = one.getKey().endsWith(CHECKPOINT);
      Duration limit = checkpoint && keep.compareTo(SILENCE) < 0 ? SILENCE : keep;
      if (written(one.getValue()).plus(limit).isBefore(now)) {
        for (Path file : one.getValue()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Map<String, List<Path>> byName(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> name(file).matches())
          .collect(Collectors.groupingBy(RestoreFiles::base));
    }
  }

  private static Matcher name(Path file) {
    return NAME.matcher(file.getFileName().toString());
  }

  private static String base(Path file) {
    return name(file).replaceFirst("$1");
  }

  /// When the last of some files was written.
  private static Instant written(Collection<Path> files) throws IOException {
    Instant last = Instant.MIN;
    for (Path file : files) {
      Instant time = Files.getLastModifiedTime(file).toInstant();
      last = time.isAfter(last) ? time : last;
    }
    return last;
  }
}
