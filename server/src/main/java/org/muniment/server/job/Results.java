package org.muniment.server.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files that jobs made, each for who asked for them, for some time: they outlive the server, and
/// what is not finished when it ends is deleted when it starts. For their owner only, on the disk
/// too. Safe for use by many threads.
///
/// ```
/// ID.json    whose, of what kind, since when
/// ID/        the files
/// ```
public final class Results {

  /// Results of one user that are kept; the oldest go first.
  static final int MOST_OF_ONE = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Results.class);
  private static final int ID_OCTETS = 16;
  private static final String ENDING = ".json";

  private final Path folder;
  private final Duration keep;
  private final InstantSource clock;
  private final ObjectMapper mapper = new ObjectMapper();
  private final SecureRandom random = new SecureRandom();
  private final Set<String> begun = new HashSet<>();

  private Results(Path folder, Duration keep, InstantSource clock) {
    this.folder = folder;
    this.keep = keep;
    this.clock = clock;
  }

  /// A finished result.
  ///
  /// @param kind of the job that made it
  /// @param expires when it is deleted
  /// @param files their names, sorted
  public record Result(
      String id, String user, String kind, Instant made, Instant expires, List<String> files) {
    public Result {
      files = List.copyOf(files);
    }
  }

  /// Opens the folder, or makes it; deletes what is over.
  ///
  /// @param keep how long a result is kept
  public static Results open(Path folder, Duration keep, InstantSource clock) throws IOException {
    createFolder(folder);
    Results results = new Results(folder, keep, clock);
    results.sweep();
    return results;
  }

  private static void createFolder(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /// Begins a result.
  ///
  /// @return its id, 32 hexadecimal digits that nobody can guess
  public synchronized String begin() throws IOException {
    byte[] octets = new byte[ID_OCTETS];
    random.nextBytes(octets);
    String id = HexFormat.of().formatHex(octets);
    begun.add(id);
    createFolder(folder(id));
    return id;
  }

  /// Where the files of a result lie, or are to be made.
  public Path folder(String id) {
    return folder.resolve(id);
  }

  /// Gives a result to a user.
  public synchronized Result finish(String id, String user, String kind) throws IOException {
    Path file = folder.resolve(id + ".new");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(
        file,
        mapper.writeValueAsBytes(
            mapper
                .createObjectNode()
                .put("user", user)
                .put("kind", kind)
                .put("made", clock.instant().toString())));
    Files.move(file, folder.resolve(id + ENDING), StandardCopyOption.ATOMIC_MOVE);
    begun.remove(id);
    List<Result> own = all(user);
    for (Result old : own.subList(Math.min(MOST_OF_ONE, own.size()), own.size())) {
      delete(old.id());
    }
    return own.stream().filter(result -> result.id().equals(id)).findFirst().orElseThrow();
  }

  /// Deletes a result, finished or not.
  public synchronized void abandon(String id) {
    begun.remove(id);
    try {
      delete(id);
    } catch (IOException e) {
      LOG.warn("the result {} cannot be deleted", id, e);
    }
  }

  /// The results of a user, newest first.
  public synchronized List<Result> all(String user) throws IOException {
    List<Result> all = new ArrayList<>();
    for (String id : ids()) {
      Result result = read(id);
      if (result != null && result.user().equals(user) && !isOver(result)) {
        all.add(result);
      }
    }
    all.sort(Comparator.comparing(Result::made).thenComparing(Result::id).reversed());
    return all;
  }

  /// A file of a result of a user.
  public synchronized Optional<Path> file(String user, String id, String name) throws IOException {
    return all(user).stream()
        .filter(result -> result.id().equals(id) && result.files().contains(name))
        .findFirst()
        .map(result -> folder(id).resolve(name));
  }

  private boolean isOver(Result result) {
    return !clock.instant().isBefore(result.expires());
  }

  private Set<String> ids() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> ids = new HashSet<>();
      files
          .map(file -> file.getFileName().toString())
          .map(name -> name.indexOf('.') < 0 ? name : name.substring(0, name.indexOf('.')))
          .filter(Results::isId)
          .forEach(ids::add);
      return ids;
    }
  }

  private static boolean isId(String text) {
    return text.length() == 2 * ID_OCTETS
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /// Null for one that is not finished.
  private @Nullable Result read(String id) throws IOException {
    JsonNode json;
    try {
      json = mapper.readTree(Files.readAllBytes(folder.resolve(id + ENDING)));
    } catch (NoSuchFileException e) {
      return null;
    }
    Instant made = Instant.parse(json.path("made").asText());
    return new Result(
        id,
        json.path("user").asText(),
        json.path("kind").asText(),
        made,
        made.plus(keep),
        names(folder(id)));
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /// Deletes what is over, and what nobody makes any more.
  public synchronized void sweep() throws IOException {
    for (String id : ids()) {
      Result result = read(id);
      if (result == null ? !begun.contains(id) : isOver(result)) {
        delete(id);
      }
    }
  }

  private void delete(String id) throws IOException {
    if (Files.exists(folder(id), LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(folder(id), new Deleting());
    }
    Files.deleteIfExists(folder.resolve(id + ".new"));
    Files.deleteIfExists(folder.resolve(id + ENDING));
  }

  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
