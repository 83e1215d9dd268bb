package org.muniment.server.access;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.LinkedBlockingDeque;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.muniment.indexer.catalog.KeptStatements;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// `state.db`: what people decided and what cannot be rebuilt from the archive. Several processes
/// may have it open; a write waits for another one, a read never does.
public final class StateDatabase implements Closeable {

  private static final int BUSY_MILLISECONDS = 10_000;
  private static final int IDLE_CONNECTIONS = 4;

  private final Connections connections;
  private final Jdbi jdbi;

  private StateDatabase(SQLiteDataSource source) {
    this.connections = new Connections(source);
    this.jdbi = Jdbi.create(connections).setStatementBuilderFactory(connections.statements);
  }

  /// Opens `file`, made and brought to the newest version where needed, readable by its owner only.
  ///
  /// @throws IOException when it cannot be opened, or a newer version of this program made it
  public static StateDatabase open(Path file) throws IOException {
    if (Files.notExists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    SQLiteDataSource source = source(file);
    try {
      Flyway.configure(StateDatabase.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:org/muniment/server/access/state")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new IOException(file + " cannot be opened: " + e.getMessage(), e);
    }
    return new StateDatabase(source);
  }

  /// Copies the database as it stands, whoever writes to it meanwhile; the copy is whole and
  /// durable under its name when this returns, or what it was before.
  ///
  /// @param copy in a folder that exists; replaced when it is there
  public static void copy(Path file, Path copy) throws IOException {
    Path unfinished = copy.resolveSibling(copy.getFileName() + ".tmp");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (Connection connection = source(file).getConnection();
        PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, unfinished.toString());
      vacuum.execute();
    } catch (SQLException e) {
      throw new IOException(file + " cannot be copied: " + e.getMessage(), e);
    }
    force(unfinished, StandardOpenOption.WRITE);
    Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
    force(copy.resolveSibling(""), StandardOpenOption.READ);
  }

  private static void force(Path file, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(file, how)) {
      channel.force(true);
    }
  }

  private static SQLiteDataSource source(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // Transactions here write what they have read; one that begins by reading cannot wait for
    // another's writing, and fails.
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_MILLISECONDS);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  /// The database, for whoever keeps a table of their own in it.
  public Jdbi jdbi() {
    return jdbi;
  }

  @Override
  public void close() throws IOException {
    try {
      connections.close();
    } catch (SQLException e) {
      throw new IOException("state.db cannot be closed: " + e.getMessage(), e);
    }
  }

  /// Keeps a few connections: to close the last one makes SQLite write its whole log back.
  private static final class Connections implements ConnectionFactory {
    private final SQLiteDataSource source;
    private final LinkedBlockingDeque<Connection> idle =
        new LinkedBlockingDeque<>(IDLE_CONNECTIONS);
    private final KeptStatements statements = new KeptStatements();

    Connections(SQLiteDataSource source) {
      this.source = source;
    }

    @Override
    public Connection openConnection() throws SQLException {
      Connection connection = idle.pollFirst();
      return connection == null ? source.getConnection() : connection;
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
      if (!idle.offerFirst(connection)) {
        statements.forget(connection);
        connection.close();
      }
    }

    void close() throws SQLException {
      for (Connection connection = idle.pollFirst();
          connection != null;
          connection = idle.pollFirst()) {
        connection.close();
      }
    }
  }
}
