package org.muniment.indexer.kept;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.StoreRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// The folder of what is kept, for its owner only:
///
/// ```
/// text.db      SQLite
/// keys/text    the key that seals what is in it; none where the archive is not encrypted
/// aside/       the same of the one before, where that could not be used
/// ```
final class KeptFile {

  private static final Logger LOG = LoggerFactory.getLogger(KeptFile.class);

  private static final String NAME = "text.db";
  private static final String KEY = "text";
  private static final int KEY_LENGTH = 32;
  private static final String MIGRATIONS = "classpath:org/muniment/indexer/kept";
  private static final List<String> LOGS = List.of("", "-wal", "-journal");
  private static final String SHARED_MEMORY = "-shm";
  private static final String ASIDE = "aside";
  private static final int BUSY_MILLIS = 30_000;

  /// Result codes of SQLite without what they say more exactly.
  private static final int PRIMARY = 0xFF;

  private static final Set<Integer> DAMAGE =
      Set.of(SQLiteErrorCode.SQLITE_CORRUPT.code, SQLiteErrorCode.SQLITE_NOTADB.code);

  /// Files up to this size are checked page by page; larger ones only where they are read.
  private static final long MAX_CHECKED = 256L << 20;

  private final Path folder;
  private final RootKeys rootKeys;

  KeptFile(Path folder, RootKeys rootKeys) {
    this.folder = folder;
    this.rootKeys = rootKeys;
  }

  boolean exists() {
    return Files.exists(file());
  }

  private Path file() {
    return folder.resolve(NAME);
  }

  /// Makes it usable: what is damaged, or sealed with a key that nobody has, is moved aside and
  /// begins anew.
  ///
  /// @throws IOException when it cannot be opened for another reason, such as a full disk; nothing
  ///   is moved then
  Seal prepare() throws IOException {
    Files.createDirectories(folder, permissions("rwx------"));
    Optional<String> defect = defect();
    if (defect.isPresent()) {
      LOG.warn(
          "the kept text in {} is moved to {}, and read again from the archive: {}",
          folder,
          aside(),
          defect.get());
      moveAside();
    }
    @Nullable Seal seal = seal();
    if (seal == null) {
      byte[] key = new byte[KEY_LENGTH];
      new SecureRandom().nextBytes(key);
      keys().createSecret(KEY, key);
      seal = new Seal(key);
    }
    migrate();
    return seal;
  }

  /// What seals it now; null where a key is needed and there is none.
  @Nullable Seal seal() throws IOException {
    if (rootKeys.isEmpty()) {
      return new Seal(null);
    }
    return Files.exists(keyFile()) ? new Seal(keys().openSecret(KEY)) : null;
  }

  private Path keyFile() {
    return folder.resolve("keys").resolve(KEY);
  }

  private FileKeys keys() {
    return new FileKeys(new LocalDisk(folder), rootKeys);
  }

  /// See [FileKeys#rewrap].
  int rewrap() throws IOException {
    return Files.exists(keyFile()) ? keys().rewrap() : 0;
  }

  private Optional<String> defect() throws IOException {
    if (rootKeys.isEmpty() == Files.exists(keyFile()) && exists()) {
      return Optional.of("it is not sealed as the archive is");
    }
    try {
      @Nullable Seal _ = seal();
      return exists() ? damage() : Optional.empty();
    } catch (CorruptArchiveException | StoreRefusedException e) {
      return Optional.of("its key cannot be opened: " + e.getMessage());
    } catch (SQLException | FlywayException e) {
      if (isDamage(e)) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
      throw new IOException(file() + " cannot be opened: " + e.getMessage(), e);
    }
  }

  /// Whether SQLite says that the file is none of its own, and not that it is full or locked.
  private static boolean isDamage(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && DAMAGE.contains(sql.getErrorCode() & PRIMARY)) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> damage() throws SQLException, IOException {
    boolean small = Files.size(file()) <= MAX_CHECKED;
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(small ? "PRAGMA quick_check(1)" : "PRAGMA schema_version")) {
      String answer = result.next() ? result.getString(1) : "";
      if (small && !answer.equals("ok")) {
        return Optional.of(answer);
      }
    }
    configured().migrate();
    return Optional.empty();
  }

  private void migrate() throws IOException {
    try {
      Files.createFile(file(), permissions("rw-------"));
    } catch (FileAlreadyExistsException there) {
      // To be migrated.
    }
    try {
      configured().migrate();
    } catch (FlywayException e) {
      throw new IOException(file() + " cannot be made: " + e.getMessage(), e);
    }
  }

  private Flyway configured() {
    return Flyway.configure().dataSource(source()).locations(MIGRATIONS).load();
  }

  private Path aside() {
    return folder.resolve(ASIDE);
  }

  /// In place of what was moved there before.
  private void moveAside() throws IOException {
    Files.createDirectories(aside(), permissions("rwx------"));
    Files.deleteIfExists(folder.resolve(NAME + SHARED_MEMORY));
    for (String suffix : LOGS) {
      move(folder.resolve(NAME + suffix));
    }
    move(keyFile());
  }

  private void move(Path file) throws IOException {
    Path to = aside().resolve(file.getFileName());
    Files.deleteIfExists(to);
    if (Files.exists(file)) {
      Files.move(file, to);
    }
  }

  /// Has the system write what SQLite has written to its log; what is no longer there SQLite has
  /// had written itself. The file of the log is none that SQLite locks, so that it may be closed.
  void makeDurable() throws IOException {
    try (FileChannel log =
            FileChannel.open(folder.resolve(NAME + "-wal"), StandardOpenOption.WRITE);
        FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      log.force(false);
      names.force(false);
    } catch (NoSuchFileException none) {
      LOG.debug("{}: no log", this);
    }
  }

  Connection connect() throws SQLException {
    return source().getConnection();
  }

  private SQLiteDataSource source() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    // A torn file is not possible; what has to survive a power failure is made durable together.
    config.setSynchronous(SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file());
    return source;
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  @Override
  public String toString() {
    return file().toString();
  }
}
