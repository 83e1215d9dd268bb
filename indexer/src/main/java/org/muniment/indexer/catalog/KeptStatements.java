package org.muniment.indexer.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// Keeps the prepared statements that a connection used last: to prepare one mostly takes longer
/// than to run it. A connection is used by one thread at a time.
public final class KeptStatements implements StatementBuilderFactory {

  /// Most statements of a connection.
  private static final int MOST = 50;

  private final Map<Connection, StatementBuilder> kept = new ConcurrentHashMap<>();

  @Override
  public StatementBuilder createStatementBuilder(Connection connection) {
    return kept.computeIfAbsent(connection, of -> new Kept());
  }

  /// Forgets a connection that is closed, which closes its statements.
  public void forget(Connection connection) {
    kept.remove(connection);
  }

  /// Those that nobody is using at present.
  private static final class Kept extends DefaultStatementBuilder {

    /// Longest unused first.
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();

    /// What those that are in use were made of: names of parameters stand in it no more.
    private final IdentityHashMap<Statement, String> used = new IdentityHashMap<>();

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context)
        throws SQLException {
      PreparedStatement statement = statements.remove(sql);
      if (statement == null) {
        statement = super.create(connection, sql, context);
      }
      used.put(statement, sql);
      return statement;
    }

    /// Called when a query is done.
    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
      @Nullable String made = used.remove(statement);
      if (made != null
          && statement instanceof PreparedStatement prepared
          && !statements.containsKey(made)) {
        statements.put(made, prepared);
        closeLongestUnused();
      } else {
        statement.close();
      }
    }

    private void closeLongestUnused() throws SQLException {
      if (statements.size() > MOST) {
        Iterator<PreparedStatement> unused = statements.values().iterator();
        PreparedStatement longest = unused.next();
        unused.remove();
        longest.close();
      }
    }
  }
}
