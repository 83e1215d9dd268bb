package org.muniment.indexer.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.jdbi.v3.core.statement.StatementContext;

/// Keeps prepared statements for as long as their connection is open: for a few statements that are
/// asked so often that to prepare them takes longer than to run them. A connection is used by one
/// thread at a time.
final class KeptStatements implements StatementBuilderFactory {

  private final Map<Connection, StatementBuilder> kept = new ConcurrentHashMap<>();

  @Override
  public StatementBuilder createStatementBuilder(Connection connection) {
    return kept.computeIfAbsent(connection, of -> new Kept());
  }

  private static final class Kept extends DefaultStatementBuilder {
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context)
        throws SQLException {
      PreparedStatement statement = statements.get(sql);
      if (statement == null) {
        statement = super.create(connection, sql, context);
        statements.put(sql, statement);
      }
      return statement;
    }

    /// Called when a query is done.
    @Override
    public void close(Connection connection, String sql, Statement statement) {}
  }
}
