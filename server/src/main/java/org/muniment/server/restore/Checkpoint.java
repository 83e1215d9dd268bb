package org.muniment.server.restore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// How far the restore of one selection to one target has come, message by message: a SQLite file
/// for its owner only. Safe for use by many threads. What it does not know because the program
/// ended is found again by content.
///
/// ```
/// state     pending, appended (uid null where the target has not said it), refused
/// verdict   null before the message was read back, else Verdict#word
/// header, wire_header   of the message as it is archived, and as WireHeader has it; null while not
///                       known
/// ```
final class Checkpoint implements Closeable {

  /// Rows in one answer.
  static final int PAGE = 200;

  private static final int BUSY_MILLIS = 2_000;

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS target (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, display TEXT NOT NULL,
            uid_validity INTEGER NOT NULL DEFAULT -1, uid_next INTEGER NOT NULL DEFAULT 0)
          """,
          """
          CREATE TABLE IF NOT EXISTS source (
            id TEXT PRIMARY KEY, display TEXT NOT NULL, target INTEGER REFERENCES target)
          """,
          """
          CREATE TABLE IF NOT EXISTS item (
            number INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL REFERENCES source,
            uid INTEGER NOT NULL, target INTEGER REFERENCES target, content BLOB NOT NULL,
            header BLOB, length INTEGER NOT NULL, location TEXT NOT NULL,
            internal_date INTEGER NOT NULL, flags TEXT NOT NULL, planned INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending', target_uid INTEGER,
            words TEXT NOT NULL DEFAULT '', verdict TEXT, note TEXT NOT NULL DEFAULT '',
            wire_header BLOB, UNIQUE (source, uid))
          """,
          "CREATE INDEX IF NOT EXISTS item_state ON item (target, state, number)",
          "CREATE INDEX IF NOT EXISTS item_content ON item (content, target)",
          "CREATE INDEX IF NOT EXISTS item_header ON item (target, header)",
          "CREATE INDEX IF NOT EXISTS item_wire_header ON item (target, wire_header)",
          "CREATE INDEX IF NOT EXISTS item_uid ON item (target, target_uid)");

  private static final String PLAN =
      """
      INSERT INTO item (source, uid, content, header, length, location, internal_date, flags,
        planned, target)
      VALUES (:source, :uid, :content, :header, :length, :location, :date, :flags, 1,
        (SELECT target FROM source WHERE id = :source))
      ON CONFLICT (source, uid) DO UPDATE SET planned = 1, location = excluded.location,
        flags = CASE WHEN state = 'appended' THEN flags ELSE excluded.flags END
      """;

  /// What is not yet known to be in a mailbox of the target.
  private static final String OPEN = "target = :target AND planned = 1 AND target_uid IS NULL";

  private final Connection connection;
  private final Jdbi jdbi;

  private Checkpoint(Connection connection) {
    this.connection = connection;
    this.jdbi = Jdbi.create(connection);
  }

  /// Opens a file, or makes it.
  ///
  /// @throws IOException also when another process restores the same
  static Checkpoint open(Path file) throws IOException {
    if (Files.notExists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    try {
      Checkpoint checkpoint = new Checkpoint(source.getConnection());
      checkpoint.jdbi.useTransaction(handle -> SCHEMA.forEach(handle::execute));
      return checkpoint;
    } catch (SQLException | RuntimeException e) {
      throw new IOException(
          "the checkpoint " + file + " cannot be used: does another restore run? " + e.getMessage(),
          e);
    }
  }

  // Planning

  /// Begins a plan: nothing is in it.
  synchronized void beginPlan() {
    jdbi.useHandle(handle -> handle.execute("UPDATE item SET planned = 0 WHERE planned = 1"));
  }

  synchronized void plan(Mailbox mailbox, List<Past.Then> rows) {
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              """
              INSERT INTO source (id, display) VALUES (?, ?)
              ON CONFLICT (id) DO UPDATE SET display = excluded.display
              """,
              mailbox.id().value(),
              String.join("/", mailbox.path()));
          PreparedBatch batch = handle.prepareBatch(PLAN);
          for (Past.Then row : rows) {
            ContentId header = row.header();
            batch
                .bind("source", mailbox.id().value())
                .bind("uid", row.uid().value())
                .bind("content", row.content().bytes())
                .bind("header", header == null ? null : header.bytes())
                .bind("length", row.length())
                .bind("location", row.location().text())
                .bind("date", row.internalDate().getEpochSecond())
                .bind("flags", flags(row.flags()))
                .add();
          }
          if (batch.size() > 0) {
            batch.execute();
          }
        });
  }

  /// Takes out of the plan what of a mailbox is planned for another one as well.
  synchronized void leaveToOthers(Mailbox mailbox) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                UPDATE item SET planned = 0 WHERE source = ? AND planned = 1 AND EXISTS (
                  SELECT 1 FROM item other
                  WHERE other.content = item.content AND other.planned = 1
                    AND other.source <> item.source)
                """,
                mailbox.id().value()));
  }

  /// How much of a mailbox is planned.
  synchronized Plan.Planned planned(Mailbox mailbox) {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT COUNT(*) AS messages, COALESCE(SUM(length), 0) AS octets FROM item
                    WHERE source = ? AND planned = 1
                    """,
                    mailbox.id().value())
                .map(
                    (row, context) ->
                        new Plan.Planned(mailbox, row.getLong("messages"), row.getLong("octets")))
                .one());
  }

  /// Those that can be set at a target: not `\Recent`, and never `\Deleted` or `$Gone`.
  private static String flags(Set<SourceText> flags) {
    return String.join(
        " ",
        flags.stream()
            .map(SourceText::octets)
            .filter(Item::isFlag)
            .filter(flag -> Item.NEVER.stream().noneMatch(flag::equalsIgnoreCase))
            .sorted()
            .toList());
  }

  /// The target mailbox that a source mailbox was given in an earlier run.
  synchronized Optional<TargetMailbox> target(MailboxId source) {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT t.* FROM source s JOIN target t ON t.number = s.target WHERE s.id = ?
                    """,
                    source.value())
                .map((row, context) -> targetMailbox(row))
                .findOne());
  }

  /// Has the messages of a source mailbox go to a mailbox of the target.
  synchronized void assign(MailboxId source, String name, String display) {
    jdbi.useTransaction(
        handle -> {
          handle.execute(
              "INSERT INTO target (name, display) VALUES (?, ?) ON CONFLICT DO NOTHING",
              name,
              display);
          handle.execute(
              "UPDATE source SET target = (SELECT number FROM target WHERE name = ?) WHERE id = ?",
              name,
              source.value());
          handle.execute(
              """
              UPDATE item SET target = (SELECT target FROM source WHERE id = ?)
              WHERE source = ? AND target IS NOT (SELECT target FROM source WHERE id = ?)
              """,
              source.value(),
              source.value(),
              source.value());
        });
  }

  /// A mailbox of the target.
  ///
  /// @param name octets
  record TargetMailbox(int number, String name, String display) {}

  private static TargetMailbox targetMailbox(ResultSet row) throws SQLException {
    return new TargetMailbox(row.getInt("number"), row.getString("name"), row.getString("display"));
  }

  /// Those that something of the plan goes to.
  synchronized List<TargetMailbox> targets() {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT * FROM target WHERE number IN (SELECT target FROM item WHERE planned = 1)
                    ORDER BY number
                    """)
                .map((row, context) -> targetMailbox(row))
                .list());
  }

  // Appending

  /// Begins with a mailbox: what was refused is tried again, and what is known of UIDs of another
  /// generation is forgotten.
  ///
  /// @return the first UID that only this restore, or somebody else at the same time, can have
  ///   given; 0 when that is not known
  synchronized long begin(TargetMailbox target, UidValidity uidValidity, long uidNext) {
    return jdbi.inTransaction(
        handle -> {
          int same =
              handle.execute(
                  "UPDATE target SET uid_next = uid_next WHERE number = ? AND uid_validity = ?",
                  target.number(),
                  uidValidity.value());
          if (same == 0) {
            handle.execute(
                "UPDATE target SET uid_validity = ?, uid_next = ? WHERE number = ?",
                uidValidity.value(),
                uidNext,
                target.number());
            forget(handle, target, 0, Long.MAX_VALUE);
          }
          handle.execute(
              """
              UPDATE item SET state = 'pending', words = '' WHERE target = ? AND state = 'refused'
              """,
              target.number());
          return handle
              .select("SELECT uid_next FROM target WHERE number = ?", target.number())
              .mapTo(Long.class)
              .one();
        });
  }

  private static void forget(Handle handle, TargetMailbox target, long first, long last) {
    handle.execute(
        """
        UPDATE item SET state = 'pending', target_uid = NULL, verdict = NULL, note = '', words = ''
        WHERE target = ? AND target_uid BETWEEN ? AND ?
        """,
        target.number(),
        first,
        last);
  }

  /// UIDs of the target that messages are known to have.
  synchronized UidRanges uids(TargetMailbox target) {
    UidRanges.Builder uids = new UidRanges.Builder();
    jdbi.useHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT target_uid FROM item WHERE target = ? AND target_uid IS NOT NULL
                    ORDER BY target_uid
                    """,
                    target.number())
                .mapTo(Long.class)
                .forEach(uids::accept));
    return uids.build();
  }

  /// Messages that the target does not have any more are to be appended again.
  synchronized void forget(TargetMailbox target, UidRanges uids) {
    jdbi.useTransaction(
        handle ->
            uids.ranges().forEach(range -> forget(handle, target, range.first(), range.last())));
  }

  /// What the target once took but is not found there is to be appended again.
  synchronized void forgetUnfound(TargetMailbox target) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                UPDATE item SET state = 'pending'
                WHERE target = ? AND state = 'appended' AND target_uid IS NULL
                """,
                target.number()));
  }

  /// Messages that are not known to be there, of which the header was not read yet.
  synchronized List<Item> withoutWireHeader(TargetMailbox target) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM item WHERE wire_header IS NULL AND " + OPEN + " LIMIT " + PAGE)
                .bind("target", target.number())
                .map((row, context) -> Item.read(row))
                .list());
  }

  /// What the headers of some messages were read as, by number of the item.
  synchronized void wireHeaders(Map<Long, ContentId> headers) {
    jdbi.useTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch("UPDATE item SET wire_header = ? WHERE number = ?");
          headers.forEach((number, header) -> batch.add(header.bytes(), number));
          batch.execute();
        });
  }

  /// The first messages with this header that are to go there and are not known to be there.
  synchronized List<Item> open(TargetMailbox target, ContentId header, int most) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM item WHERE (header = :header OR wire_header = :header) AND "
                        + OPEN
                        + " ORDER BY state, number LIMIT "
                        + most)
                .bind("header", header.bytes())
                .bind("target", target.number())
                .map((row, context) -> Item.read(row))
                .list());
  }

  /// Whether any message is to go there and is not known to be there.
  synchronized boolean awaits(TargetMailbox target) {
    return !open(target, 1).isEmpty();
  }

  /// The first messages that are not known to be there, those that the target took first.
  synchronized List<Item> open(TargetMailbox target, int most) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM item WHERE " + OPEN + " ORDER BY state, number LIMIT " + most)
                .bind("target", target.number())
                .map((row, context) -> Item.read(row))
                .list());
  }

  /// Whether the target took messages of which it did not say where.
  synchronized boolean hasUnfound(TargetMailbox target) {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT 1 FROM item
                    WHERE target = ? AND state = 'appended' AND target_uid IS NULL LIMIT 1
                    """,
                    target.number())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  /// A message was found at the target.
  ///
  /// @return whether it is one that was looked for
  synchronized boolean found(TargetMailbox target, ContentId content, long uid) {
    return jdbi.withHandle(
        handle ->
            handle
                    .createUpdate(
                        "UPDATE item SET state = 'appended', words = '', target_uid = :uid"
                            + " WHERE number = (SELECT number FROM item WHERE content = :content AND "
                            + OPEN
                            + " ORDER BY state, number LIMIT 1)")
                    .bind("uid", uid)
                    .bind("content", content.bytes())
                    .bind("target", target.number())
                    .execute()
                > 0);
  }

  synchronized void found(Item item, long uid) {
    record(List.of(Result.appended(item, uid, "")));
  }

  /// The next messages to append, in order.
  synchronized List<Item> pending(TargetMailbox target, long after) {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT * FROM item
                    WHERE target = ? AND state = 'pending' AND planned = 1 AND number > ?
                    ORDER BY number LIMIT ?
                    """,
                    target.number(),
                    after,
                    PAGE)
                .map((row, context) -> Item.read(row))
                .list());
  }

  /// What came of appending one message.
  ///
  /// @param uid null when it is not known
  record Result(long item, String state, @Nullable Long uid, String words, String note) {
    static Result appended(Item item, @Nullable Long uid, String note) {
      return new Result(item.number(), "appended", uid, "", note);
    }

    static Result refused(Item item, String words) {
      return new Result(item.number(), "refused", null, words, "");
    }
  }

  synchronized void record(List<Result> results) {
    if (results.isEmpty()) {
      return;
    }
    jdbi.useTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  "UPDATE item SET state = ?, target_uid = ?, words = ?, note = ? WHERE number = ?");
          for (Result result : results) {
            batch
                .bind(0, result.state)
                .bind(1, result.uid)
                .bind(2, result.words)
                .bind(3, result.note)
                .bind(4, result.item)
                .add();
          }
          batch.execute();
        });
  }

  /// Nothing more goes to a mailbox in this run.
  synchronized void refuseRest(TargetMailbox target, String words) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                UPDATE item SET state = 'refused', words = ?
                WHERE target = ? AND state = 'pending' AND planned = 1
                """,
                words,
                target.number()));
  }

  // Reading back

  /// The next messages to read back, by ascending UID of the target.
  synchronized List<Item> unread(TargetMailbox target, long afterUid, int most) {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT * FROM item
                    WHERE target = ? AND target_uid > ? AND verdict IS NULL AND planned = 1
                    ORDER BY target_uid LIMIT ?
                    """,
                    target.number(),
                    afterUid,
                    most)
                .map((row, context) -> Item.read(row))
                .list());
  }

  /// What reading back has shown of one message.
  ///
  /// @param note put behind what stands there
  record Reading(long item, Verdict verdict, String note) {}

  synchronized void read(List<Reading> readings) {
    if (readings.isEmpty()) {
      return;
    }
    jdbi.useTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  UPDATE item SET verdict = :verdict, note = CASE
                    WHEN note = '' THEN :note WHEN :note = '' THEN note
                    ELSE note || '; ' || :note END
                  WHERE number = :item
                  """);
          for (Reading reading : readings) {
            batch
                .bind("verdict", reading.verdict.word())
                .bind("note", reading.note)
                .bind("item", reading.item)
                .add();
          }
          batch.execute();
        });
  }

  // Telling

  /// Counts over the plan.
  ///
  /// @param restored how many are at the target, as far as is known
  /// @param identical how many of these were read back as they were sent
  record Totals(long planned, long octets, long restored, long identical) {}

  synchronized Totals totals() {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT COUNT(*) AS planned, COALESCE(SUM(length), 0) AS octets,
                      COALESCE(SUM(state = 'appended' AND target_uid IS NOT NULL
                        AND verdict IS NOT 'missing'), 0) AS restored,
                      COALESCE(SUM(verdict = 'identical'), 0) AS identical
                    FROM item WHERE planned = 1
                    """)
                .map(
                    (row, context) ->
                        new Totals(
                            row.getLong("planned"),
                            row.getLong("octets"),
                            row.getLong("restored"),
                            row.getLong("identical")))
                .one());
  }

  /// One line of the receipt.
  ///
  /// @param target `""` where there is none
  /// @param uid 0 when it is not known
  /// @param verdict `""` when it was not read back
  record Line(
      String source,
      String target,
      long sourceUid,
      long uid,
      ContentId content,
      long length,
      String state,
      String verdict,
      String words,
      String note) {}

  /// Takes the lines of a receipt.
  interface Lines {
    void accept(Line line) throws IOException;
  }

  /// Hands over every message of the plan, in order.
  synchronized void lines(Lines lines) throws IOException {
    jdbi.useHandle(
        handle -> {
          try (var found =
              handle
                  .select(
                      """
                      SELECT s.display AS source_display, t.display AS target_display, i.*
                      FROM item i JOIN source s ON s.id = i.source
                        LEFT JOIN target t ON t.number = i.target
                      WHERE i.planned = 1 ORDER BY i.number
                      """)
                  .map((row, context) -> line(row))
                  .stream()) {
            for (Line line : (Iterable<Line>) found::iterator) {
              lines.accept(line);
            }
          }
        });
  }

  private static Line line(ResultSet row) throws SQLException {
    String target = row.getString("target_display");
    String verdict = row.getString("verdict");
    return new Line(
        row.getString("source_display"),
        target == null ? "" : target,
        row.getLong("uid"),
        row.getLong("target_uid"),
        ContentId.of(row.getBytes("content")),
        row.getLong("length"),
        row.getString("state"),
        verdict == null ? "" : verdict,
        row.getString("words"),
        row.getString("note"));
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("the checkpoint cannot be closed: " + e.getMessage(), e);
    }
  }

  /// A message on its way to the target.
  ///
  /// @param uid at the target, 0 when it is not known
  /// @param flags octets of those that are to be set
  record Item(
      long number,
      ContentId content,
      long length,
      Location location,
      Instant date,
      List<String> flags,
      long uid) {

    /// Flags that are never set at a target: the first would have the message deleted, the second
    /// is a word of the archive.
    static final Set<String> NEVER = Set.of("\\Deleted", "$Gone", "\\Recent");

    Item {
      flags = List.copyOf(flags);
    }

    static Item read(ResultSet row) throws SQLException {
      String flags = row.getString("flags");
      return new Item(
          row.getLong("number"),
          ContentId.of(row.getBytes("content")),
          row.getLong("length"),
          new Location(row.getString("location")),
          Instant.ofEpochSecond(row.getLong("internal_date")),
          flags.isEmpty() ? List.of() : List.of(flags.split(" ", -1)),
          row.getLong("target_uid"));
    }

    /// `flag = ["\"] atom` (RFC 9051 section 9): others cannot be said to a server.
    static boolean isFlag(String octets) {
      String atom = octets.startsWith("\\") ? octets.substring(1) : octets;
      return !atom.isEmpty()
          && atom.chars().allMatch(c -> c > ' ' && c < 0x7F && "(){%*\"\\]".indexOf(c) < 0);
    }
  }
}
