package org.muniment.server.capture;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.muniment.archive.event.ContentId;

/// How often an import met the same octets for the same mailbox, and how often that had them
/// before. Kept in a temporary database, so that memory does not grow with the import; worthless
/// after it.
final class ImportCounts implements Closeable {

  /// Begin of the names of the files of imports in the temporary folder.
  static final String PREFIX = "import-";

  private static final String SET_UP =
      """
      PRAGMA journal_mode = OFF;
      PRAGMA synchronous = OFF;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA cache_size = -16000;
      CREATE TABLE met (
        mailbox INTEGER NOT NULL,
        content BLOB    NOT NULL,
        before  INTEGER NOT NULL,  -- times the mailbox had it when it was met first
        times   INTEGER NOT NULL,  -- times it was met
        PRIMARY KEY (mailbox, content)
      ) WITHOUT ROWID;
      """;

  private final Path file;
  private final Connection connection;
  private final PreparedStatement again;
  private final PreparedStatement first;

  /// @param temporary an existing folder
  ImportCounts(Path temporary) throws IOException {
    file = Files.createTempFile(temporary, PREFIX, ".db");
    try {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        for (String sql : SET_UP.split(";\n", -1)) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
      }
      connection.setAutoCommit(false);
      again =
          connection.prepareStatement(
              """
              UPDATE met SET times = times + 1 WHERE mailbox = ? AND content = ?
              RETURNING times > before
              """);
      first = connection.prepareStatement("INSERT INTO met VALUES (?, ?, ?, 1)");
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// Asks how often a mailbox had some octets before the import.
  interface Before {
    long times() throws IOException;
  }

  /// Counts a message.
  ///
  /// @param mailbox a number that stands for the mailbox
  /// @return whether the mailbox did not have it: it was met more often now than before
  boolean isMissing(int mailbox, ContentId content, Before before) throws IOException {
    try {
      again.setInt(1, mailbox);
      again.setBytes(2, content.bytes());
      try (ResultSet row = again.executeQuery()) {
        if (row.next()) {
          return row.getBoolean(1);
        }
      }
      long times = before.times();
      first.setInt(1, mailbox);
      first.setBytes(2, content.bytes());
      first.setLong(3, times);
      first.executeUpdate();
      return times == 0;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private IOException failed(SQLException e) {
    return new IOException(
        "the temporary database " + file + " cannot be used: " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
