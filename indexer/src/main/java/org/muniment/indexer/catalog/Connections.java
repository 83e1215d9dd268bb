package org.muniment.indexer.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connections that are used again. At most [#MAX_OPEN] are in use at once, others wait; as many
/// stay open until this is closed.
final class Connections implements ConnectionFactory, AutoCloseable {

  static final int MAX_OPEN = 16;

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final DataSource source;
  private final Semaphore permits = new Semaphore(MAX_OPEN);
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  private final List<String> first;

  /// @param first statements that each connection begins with
  Connections(DataSource source, List<String> first) {
    this.source = source;
    this.first = List.copyOf(first);
  }

  @Override
  public Connection openConnection() throws SQLException {
    if (closed) {
      throw new SQLException("the catalogue is closed");
    }
    permits.acquireUninterruptibly();
    Connection connection = idle.pollFirst();
    try {
      return connection != null ? connection : fresh();
    } catch (SQLException | RuntimeException e) {
      permits.release();
      throw e;
    }
  }

  private Connection fresh() throws SQLException {
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      for (String sql : first) {
        statement.execute(sql);
      }
    }
    return connection;
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    try {
      if (closed) {
        connection.close();
      } else {
        idle.addFirst(connection);
      }
    } finally {
      permits.release();
    }
  }

  /// Closes what is idle; what is in use is closed by who uses it.
  @Override
  public void close() {
    closed = true;
    for (Connection connection; (connection = idle.pollFirst()) != null; ) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.warn("closing a connection of the catalogue: {}", e.getMessage());
      }
    }
  }
}
