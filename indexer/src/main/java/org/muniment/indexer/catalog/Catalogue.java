package org.muniment.indexer.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.ContentIndex;
import org.muniment.archive.Location;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;

/// What the log says, in tables, as far as a [CatalogueFollower] has followed it. Safe for use by
/// many threads and processes; readers never wait for the writer.
///
/// A database that cannot be read throws [org.jdbi.v3.core.JdbiException].
public final class Catalogue implements ContentIndex, AutoCloseable {

  private static final String SQLITE = "jdbc:sqlite:";

  private final Connections readers;
  private final Connections writers;
  private final Jdbi reading;
  private final CatalogueWriter writer;
  private final Mailboxes mailboxes;
  private final Messages messages;
  private final MessageSets sets;
  private final FirstCaptures firstCaptures;
  private final Sources sources;
  private final OwnIds ownIds;
  private final Deletions deletions;
  private final Transmissions transmissions;
  private final Past past;

  /// @param file prepared
  Catalogue(CatalogueFile file) {
    readers = new Connections(file.reading(), List.of(CatalogueFile.READ_ONLY));
    writers = new Connections(file.writing(), List.of());
    reading = Jdbi.create(readers).setStatementBuilderFactory(new KeptStatements());
    writer = new CatalogueWriter(Jdbi.create(writers));
    mailboxes = new Mailboxes(reading);
    messages = new Messages(reading, mailboxes);
    sets = new MessageSets(reading);
    firstCaptures = new FirstCaptures(reading);
    sources = new Sources(reading);
    ownIds = new OwnIds(reading);
    deletions = new Deletions(reading);
    transmissions = new Transmissions(reading);
    past = new Past(reading);
  }

  /// Opens the catalogue in a SQLite file, or creates it. A damaged file is moved aside and
  /// replaced by an empty one, which the log says.
  ///
  /// @throws IOException when the folder cannot be written
  /// @throws IllegalStateException when the file cannot be opened, though it is not damaged
  public static Catalogue open(Path file) throws IOException {
    return new CatalogueFile(file).open();
  }

  /// Opens the catalogue at a JDBC address.
  ///
  /// @param url `jdbc:sqlite:` and a path
  /// @throws IllegalArgumentException for any other kind of address
  public static Catalogue open(String url) throws IOException {
    if (!url.startsWith(SQLITE) || url.length() == SQLITE.length()) {
      throw new IllegalArgumentException(
          "catalogue address \"" + url + "\": expected " + SQLITE + "PATH");
    }
    return open(Path.of(url.substring(SQLITE.length())));
  }

  /// Mailboxes, and what is in them.
  public Mailboxes mailboxes() {
    return mailboxes;
  }

  /// Messages, whatever their places.
  public Messages messages() {
    return messages;
  }

  /// Sets of message numbers.
  public MessageSets sets() {
    return sets;
  }

  /// When each message was captured first.
  public FirstCaptures firstCaptures() {
    return firstCaptures;
  }

  /// What is archived of what the sources have.
  public Sources sources() {
    return sources;
  }

  /// What the sources themselves know messages by.
  public OwnIds ownIds() {
    return ownIds;
  }

  /// What may be deleted at the sources, and what was.
  public Deletions deletions() {
    return deletions;
  }

  /// What came to journal mailboxes.
  public Transmissions transmissions() {
    return transmissions;
  }

  /// Mailboxes as they were.
  public Past past() {
    return past;
  }

  @Override
  public long position() {
    return reading.withHandle(
        handle -> handle.select("SELECT entries FROM position").mapTo(Long.class).one());
  }

  @Override
  public @Nullable Location find(ContentId id) {
    return location("SELECT location FROM message WHERE content = ?", id);
  }

  @Override
  public @Nullable Location findPart(ContentId id) {
    return location("SELECT location FROM part WHERE id = ?", id);
  }

  private @Nullable Location location(String select, ContentId id) {
    return reading.withHandle(
        handle ->
            handle
                .select(select, id.bytes())
                .mapTo(String.class)
                .findOne()
                .map(Location::new)
                .orElse(null));
  }

  /// The receipts of an account, newest first.
  ///
  /// @param before only those with a leaf below; [Long#MAX_VALUE] for the newest
  /// @param limit at least 1
  public List<Receipt> receipts(AccountName account, long before, int limit) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT leaf, ended, poll FROM receipt
                    WHERE account = ? AND leaf < ? ORDER BY leaf DESC LIMIT ?
                    """,
                    account.value(),
                    before,
                    limit)
                .map(
                    (row, context) ->
                        new Receipt(
                            row.getLong("leaf"),
                            Instant.ofEpochMilli(row.getLong("ended")),
                            (Event.Poll) EventJson.read(row.getBytes("poll"))))
                .list());
  }

  /// Sizes, quickly.
  public Totals totals() {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT entries, messages, octets,
                      (SELECT COUNT(*) FROM account) AS accounts,
                      (SELECT COUNT(*) FROM mailbox) AS mailboxes,
                      (SELECT COALESCE(SUM(messages), 0) FROM mailbox) AS placements
                    FROM position
                    """)
                .map(
                    (row, context) ->
                        new Totals(
                            row.getLong("entries"),
                            row.getLong("accounts"),
                            row.getLong("mailboxes"),
                            row.getLong("messages"),
                            row.getLong("octets"),
                            row.getLong("placements")))
                .one());
  }

  CatalogueWriter writer() {
    return writer;
  }

  /// Takes everything out; the position is 0 again.
  void clear() {
    writer.clear();
    mailboxes.forget();
    sets.forget();
    firstCaptures.forget();
  }

  @Override
  public void close() {
    writers.close();
    readers.close();
  }
}
