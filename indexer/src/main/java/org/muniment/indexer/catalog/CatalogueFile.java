package org.muniment.indexer.catalog;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The SQLite file of a catalogue, brought to the present schema, for its owner only. A file that
/// is damaged or of another schema is moved aside: all of it can be made again.
final class CatalogueFile {

  private static final Logger LOG = LoggerFactory.getLogger(CatalogueFile.class);

  private static final String MIGRATIONS = "classpath:org/muniment/indexer/catalog";
  private static final int BUSY_MILLIS = 30_000;

  /// How long to wait for others where there should be none.
  private static final int BUSY_MILLIS_ALONE = 2_000;

  /// Between two tries.
  private static final int PAUSE_MILLIS = 20;

  /// What SQLite puts beside the file while it is open, or while it changes to a write-ahead log.
  private static final List<String> LOGS = List.of("-wal", "-shm", "-journal");

  private static final int CACHE_KIBIBYTES = 16 << 10;

  /// Files up to this size are checked page by page whenever they are opened; larger ones only
  /// where they are read.
  private static final long MAX_CHECKED = 256L << 20;

  private final Path file;

  CatalogueFile(Path file) {
    this.file = file;
  }

  /// Makes the file usable and opens it.
  Catalogue open() throws IOException {
    prepare();
    return new Catalogue(this);
  }

  private void prepare() throws IOException {
    Files.createDirectories(folder(), permissions("rwx------"));
    Optional<String> defect = defect();
    if (defect.isPresent()) {
      moveAside(defect.get());
      migrate();
    }
  }

  /// SQLite makes what lies beside the file as the file is.
  private void create() throws IOException {
    try {
      Files.createFile(file, permissions("rw-------"));
    } catch (FileAlreadyExistsException there) {
      // Empty, from another process that begins, or to be migrated.
    }
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  private Path folder() {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  DataSource writing() {
    SQLiteConfig config = config();
    config.setTransactionMode(TransactionMode.IMMEDIATE);
    return source(config);
  }

  DataSource reading() {
    return source(config());
  }

  /// What a connection that only reads is told first.
  static final String READ_ONLY = "PRAGMA query_only = 1";

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    // What a power failure takes away is followed again; a torn file is not possible.
    config.setSynchronous(SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-CACHE_KIBIBYTES);
    return config;
  }

  private DataSource source(SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  /// SQLite makes nobody wait for the change to a write-ahead log, which others may be at.
  private Optional<String> defect() throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
    while (true) {
      try {
        return defectNow();
      } catch (SQLException | FlywayException e) {
        if (!isBusy(e) || System.nanoTime() > end) {
          return Optional.of(damage(e).orElseThrow(() -> unusable(e)));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
      }
    }
  }

  private Optional<String> defectNow() throws SQLException, IOException {
    try {
      Optional<String> damage = check();
      if (damage.isEmpty()) {
        migrate();
      }
      return damage;
    } catch (FlywayValidateException e) {
      return Optional.of("it has another schema");
    }
  }

  private Optional<String> check() throws SQLException, IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String check =
        Files.size(file) > MAX_CHECKED ? "PRAGMA schema_version" : "PRAGMA quick_check(1)";
    try (Connection connection = writing().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(check)) {
      String answer = result.next() ? result.getString(1) : "";
      return check.endsWith("schema_version") || answer.equals("ok")
          ? Optional.empty()
          : Optional.of(answer);
    }
  }

  private void migrate() throws IOException {
    create();
    Flyway.configure()
        .dataSource(writing())
        .locations(MIGRATIONS)
        .placeholders(Map.of("key", "INTEGER", "octets", "BLOB"))
        .load()
        .migrate();
  }

  /// What SQLite says is wrong with the octets of the file; empty for any other trouble.
  static Optional<String> damage(Throwable error) {
    return ofSqlite(error)
        .filter(
            cause ->
                is(cause, SQLiteErrorCode.SQLITE_CORRUPT)
                    || is(cause, SQLiteErrorCode.SQLITE_NOTADB))
        .map(cause -> String.valueOf(cause.getMessage()));
  }

  private static boolean isBusy(Throwable error) {
    return ofSqlite(error).filter(cause -> is(cause, SQLiteErrorCode.SQLITE_BUSY)).isPresent();
  }

  /// The primary code is the low octet of an extended one.
  private static boolean is(SQLiteException error, SQLiteErrorCode code) {
    return (error.getResultCode().code & 0xFF) == code.code;
  }

  private static Optional<SQLiteException> ofSqlite(Throwable error) {
    return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
        .filter(SQLiteException.class::isInstance)
        .map(SQLiteException.class::cast)
        .findFirst();
  }

  private IllegalStateException unusable(Exception e) {
    return new IllegalStateException("catalogue " + file + " cannot be used: " + e.getMessage(), e);
  }

  /// Removes it.
  void delete() throws IOException {
    deleteLogs();
    Files.deleteIfExists(file);
  }

  /// Puts this file, durable, in the place of another, in one step.
  void putInPlaceOf(CatalogueFile other) throws IOException {
    becomeOneFile();
    sync(file);
    // Last: from here to the move nobody may open the other one.
    other.becomeOneFile();
    Files.move(file, other.file, StandardCopyOption.ATOMIC_MOVE);
    sync(other.folder());
  }

  /// @throws IOException when somebody has it open
  void requireUnused() throws IOException {
    becomeOneFile();
  }

  /// Takes the write-ahead log into the file, which nobody else may have open. A log that is left
  /// behind would be applied to whatever file has the name then.
  private void becomeOneFile() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    SQLiteConfig config = config();
    config.setBusyTimeout(BUSY_MILLIS_ALONE);
    try (Connection connection = source(config).getConnection();
        Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("PRAGMA journal_mode = DELETE")) {
      if (!mode.next() || !mode.getString(1).equals("delete")) {
        throw irreplaceable("it is in use", null);
      }
    } catch (SQLException e) {
      if (damage(e).isEmpty()) {
        throw irreplaceable(String.valueOf(e.getMessage()), e);
      }
      deleteLogs();
    }
  }

  private IOException irreplaceable(String reason, @Nullable SQLException e) {
    return new IOException(
        "catalogue "
            + file
            + " cannot be replaced ("
            + reason
            + "): end the commands that are running, and try again",
        e);
  }

  private void deleteLogs() throws IOException {
    for (String suffix : LOGS) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void moveAside(String reason) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + Clock.systemUTC().millis());
    LOG.warn(
        "catalogue {} is moved to {} and made again from the archive: {}", file, aside, reason);
    Files.move(file, aside);
    deleteLogs();
  }
}
