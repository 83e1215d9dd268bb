package org.muniment.indexer.catalog;

import static java.util.stream.Collectors.groupingBy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Location;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.mail.KeptStructure;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.mail.SentDate;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureJson;

/// The messages of a catalogue. Each call is one or two SQL statements, however much it answers.
public final class Messages {

  /// Most rows, or messages, in one call.
  public static final int MAX_ROWS = 500;

  /// Octets of structures after which a call gives no more: one of hostile mail has many.
  static final int MAX_STRUCTURE_OCTETS = 4 << 20;

  private static final String MESSAGE =
      """
      number, content, length, location, leaf, internal_date, sent_date, sent_offset, attachment,
      subject, sender, recipients
      """;

  private static final String ROW =
      """
      SELECT p.uid, p.internal_date, p.captured, p.flags, p.gone, p.moved, p.deletion, p.changed, m.number,
        m.content, m.length, m.location, m.sent_date, m.sent_offset
      """;

  private static final String ROWS =
      """
      FROM placement p JOIN message m ON m.number = p.message
      WHERE p.mailbox = ? AND p.uid BETWEEN ? AND ? ORDER BY p.uid LIMIT ?
      """;

  private static final String ROWS_OF =
      """
      FROM placement p JOIN message m ON m.number = p.message
      WHERE p.mailbox = :mailbox AND p.uid IN (<uids>) ORDER BY p.uid
      """;

  private static final String PLACES =
      """
      SELECT p.*, o.protocol, o.host, o.user_name
      FROM placement p JOIN origin o ON o.number = p.origin
      WHERE p.message IN (<messages>) ORDER BY p.leaf
      """;

  private static final String NUMBERS =
      """
      SELECT p.message FROM account a JOIN mailbox b ON b.account = a.number
        JOIN placement p ON p.mailbox = b.number
      WHERE a.name IN (<accounts>) AND
      """;

  private static final String PLACES_IN =
      """
      SELECT p.*, o.protocol, o.host, o.user_name
      FROM placement p JOIN origin o ON o.number = p.origin
      WHERE p.mailbox = :mailbox AND p.uid IN (<uids>) ORDER BY p.uid
      """;

  private static final String LOCATION =
      """
      SELECT m.location FROM message m
      WHERE m.content = :content AND EXISTS (
        SELECT 1 FROM placement p JOIN mailbox b ON b.number = p.mailbox
          JOIN account a ON a.number = b.account
        WHERE p.message = m.number AND a.name IN (<accounts>))
      """;

  private final Jdbi reading;
  private final Mailboxes mailboxes;

  Messages(Jdbi reading, Mailboxes mailboxes) {
    this.reading = reading;
    this.mailboxes = mailboxes;
  }

  /// What is in a mailbox from one UID to another, both included, in order: the first [#MAX_ROWS]
  /// of it. With structures fewer where these are large, none only where there is none.
  ///
  /// @param structure whether to fill [Row#structure()]
  public List<Row> rows(Mailbox mailbox, Uid from, Uid to, boolean structure) {
    FlagText flags = new FlagText();
    return reading.withHandle(
        handle ->
            handle
                .select(
                    (structure ? ROW + ", m.structure " : ROW) + ROWS,
                    mailbox.number(),
                    from.value(),
                    to.value(),
                    MAX_ROWS)
                .scanResultSet((rows, _) -> rows(rows.get(), flags, structure)));
  }

  /// Rows of a mailbox by ascending UID. With structures fewer where these are large, none only
  /// where there is none.
  ///
  /// @param uids at most [#MAX_ROWS]; those that do not exist are left out
  /// @param structure whether to fill [Row#structure()]
  public List<Row> rows(Mailbox mailbox, Collection<Uid> uids, boolean structure) {
    if (uids.isEmpty()) {
      return List.of();
    }
    FlagText flags = new FlagText();
    return reading.withHandle(
        handle ->
            handle
                .createQuery((structure ? ROW + ", m.structure " : ROW) + ROWS_OF)
                .bind("mailbox", mailbox.number())
                .bindList("uids", checked(uids).stream().map(Uid::value).toList())
                .scanResultSet((rows, _) -> rows(rows.get(), flags, structure)));
  }

  private static List<Row> rows(ResultSet row, FlagText flags, boolean structure)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    long octets = 0;
    while (octets < MAX_STRUCTURE_OCTETS && row.next()) {
      KeptStructure kept = structure ? new KeptStructure(row.getBytes("structure")) : null;
      rows.add(row(row, flags, kept));
      octets += kept == null ? 0 : kept.octets();
    }
    return rows;
  }

  /// What is kept of the headers of messages of a mailbox for lists, from one UID to another, both
  /// included: of the first [#MAX_ROWS]. Those of which nothing is kept are left out.
  public Map<Uid, ListedFields> listed(Mailbox mailbox, Uid from, Uid to) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    """
                    SELECT p.uid, m.listed
                    FROM placement p JOIN message m ON m.number = p.message
                    WHERE p.mailbox = ? AND p.uid BETWEEN ? AND ? AND m.listed IS NOT NULL
                    ORDER BY p.uid LIMIT ?
                    """,
                    mailbox.number(),
                    from.value(),
                    to.value(),
                    MAX_ROWS)
                .map(
                    (row, context) ->
                        Map.entry(new Uid(row.getLong(1)), new ListedFields(row.getBytes(2))))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// What is kept of the headers of messages for lists, by their numbers. Those of which nothing is
  /// kept are left out.
  ///
  /// @param numbers at most [#MAX_ROWS]
  public Map<Integer, ListedFields> listed(Collection<Integer> numbers) {
    if (checked(numbers).isEmpty()) {
      return Map.of();
    }
    return reading.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT number, listed FROM message WHERE number IN (<numbers>)"
                        + " AND listed IS NOT NULL")
                .bindList("numbers", List.copyOf(numbers))
                .map((row, _) -> Map.entry(row.getInt(1), new ListedFields(row.getBytes(2))))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// Takes a message of a mailbox.
  @FunctionalInterface
  public interface UidSink {
    /// @param number of the message
    void accept(Uid uid, int number);
  }

  /// Gives the messages of a mailbox that are in a set to a sink, in no order; one that is there
  /// twice, twice.
  ///
  /// @param numbers of messages
  public void forEach(Mailbox mailbox, BitSet numbers, UidSink sink) {
    if (numbers.isEmpty()) {
      return;
    }
    reading.useHandle(
        handle -> {
          if (numbers.cardinality() <= MAX_ROWS) {
            some(handle, mailbox, numbers, sink);
          } else {
            among(handle, mailbox, numbers, sink);
          }
        });
  }

  private static void some(Handle handle, Mailbox mailbox, BitSet numbers, UidSink sink) {
    handle
        .createQuery(
            "SELECT uid, message FROM placement WHERE mailbox = :mailbox AND message IN"
                + " (<messages>)")
        .bind("mailbox", mailbox.number())
        .bindList("messages", numbers.stream().boxed().toList())
        .scanResultSet((rows, _) -> scan(rows.get(), numbers, sink));
  }

  private static void among(Handle handle, Mailbox mailbox, BitSet numbers, UidSink sink) {
    handle
        .select("SELECT uid, message FROM placement WHERE mailbox = ?", mailbox.number())
        .scanResultSet((rows, _) -> scan(rows.get(), numbers, sink));
  }

  private static int scan(ResultSet row, BitSet numbers, UidSink sink) throws SQLException {
    int taken = 0;
    while (row.next()) {
      int number = row.getInt(2);
      if (numbers.get(number)) {
        sink.accept(new Uid(row.getLong(1)), number);
        taken++;
      }
    }
    return taken;
  }

  /// The UID of the first message that a mailbox shows and that has no `\Seen`, between two UIDs,
  /// both included.
  public Optional<Uid> firstUnseen(Mailbox mailbox, Shown shown, Uid from, Uid last) {
    return reading.withHandle(
        handle ->
            // Each is the first of its part of the index.
            shown.absences().stream()
                .flatMap(absence -> firstUnseen(handle, mailbox, absence, from, last).stream())
                .min(Comparator.naturalOrder())
                .map(Uid::new));
  }

  private static Optional<Long> firstUnseen(
      Handle handle, Mailbox mailbox, int absence, Uid from, Uid last) {
    return handle
        .select(
            """
            SELECT uid FROM placement
            WHERE mailbox = ? AND absence = ? AND uid BETWEEN ? AND ? AND seen = 0
            ORDER BY uid LIMIT 1
            """,
            mailbox.number(),
            absence,
            from.value(),
            last.value())
        .mapTo(Long.class)
        .findOne();
  }

  /// Number of messages that a mailbox shows and that have no `\Seen`, between two UIDs, both
  /// included.
  public long unseen(Mailbox mailbox, Shown shown, Uid from, Uid last) {
    return reading.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT COUNT(*) FROM placement
                    WHERE mailbox = :mailbox AND absence IN (<absences>)
                      AND uid BETWEEN :from AND :last AND seen = 0
                    """)
                .bind("mailbox", mailbox.number())
                .bindList("absences", shown.absences())
                .bind("from", from.value())
                .bind("last", last.value())
                .mapTo(Long.class)
                .one());
  }

  /// Number of messages that a mailbox shows and that have `\Deleted`. Costs as much as there are.
  public long deleted(Mailbox mailbox, Shown shown) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    // The condition of the index, word by word.
                    """
                    SELECT COUNT(*) FROM placement
                    WHERE mailbox = ? AND absence < ? AND instr(lower(flags), ' \\deleted ') > 0
                    """,
                    mailbox.number(),
                    shown.hidden())
                .mapTo(Long.class)
                .one());
  }

  /// Where the octets of a message lie, when it has a place in any of some accounts.
  public Optional<Location> location(ContentId content, Collection<AccountName> accounts) {
    if (accounts.isEmpty()) {
      return Optional.empty();
    }
    return reading.withHandle(
        handle ->
            handle
                .createQuery(LOCATION)
                .bind("content", content.bytes())
                .bindList("accounts", accounts.stream().map(AccountName::value).toList())
                .map((row, context) -> new Location(row.getString(1)))
                .findOne());
  }

  /// A message by its content.
  public Optional<Message> find(ContentId content) {
    return reading.withHandle(
        handle ->
            handle
                .select("SELECT " + MESSAGE + " FROM message WHERE content = ?", content.bytes())
                .map((row, context) -> message(row))
                .findOne());
  }

  /// Messages by their numbers; those that do not exist are left out.
  ///
  /// @param numbers at most [#MAX_ROWS]
  public Map<Integer, Message> find(Collection<Integer> numbers) {
    if (checked(numbers).isEmpty()) {
      return Map.of();
    }
    return reading.withHandle(
        handle ->
            handle
                .createQuery("SELECT " + MESSAGE + " FROM message WHERE number IN (<numbers>)")
                .bindList("numbers", List.copyOf(numbers))
                .map((row, context) -> message(row))
                .collectToMap(Message::number, message -> message));
  }

  /// The ids of messages, by their numbers; those that do not exist are left out.
  ///
  /// @param numbers at most [#MAX_ROWS]
  public Map<Integer, ContentId> contents(Collection<Integer> numbers) {
    if (checked(numbers).isEmpty()) {
      return Map.of();
    }
    return reading.withHandle(
        handle ->
            handle
                .createQuery("SELECT number, content FROM message WHERE number IN (<numbers>)")
                .bindList("numbers", List.copyOf(numbers))
                .map((row, _) -> Map.entry(row.getInt(1), ContentId.of(row.getBytes(2))))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// What a message is made of.
  ///
  /// @param number of the message
  /// @throws IllegalStateException when there is no such message
  public Structure structure(int number) {
    return reading.withHandle(
        handle ->
            handle
                .select("SELECT structure FROM message WHERE number = ?", number)
                .map((row, context) -> StructureJson.read(row.getBytes(1)))
                .one());
  }

  /// What messages are made of, by ascending number; those that do not exist are left out. Fewer
  /// where the structures are large, none only where there is none.
  ///
  /// @param numbers at most [#MAX_ROWS]
  public Map<Integer, KeptStructure> structures(Collection<Integer> numbers) {
    if (checked(numbers).isEmpty()) {
      return Map.of();
    }
    return reading.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT number, structure FROM message WHERE number IN (<numbers>)"
                        + " ORDER BY number")
                .bindList("numbers", List.copyOf(numbers))
                .scanResultSet((rows, _) -> structures(rows.get())));
  }

  private static Map<Integer, KeptStructure> structures(ResultSet row) throws SQLException {
    Map<Integer, KeptStructure> structures = new HashMap<>();
    long octets = 0;
    while (octets < MAX_STRUCTURE_OCTETS && row.next()) {
      KeptStructure kept = new KeptStructure(row.getBytes(2));
      structures.put(row.getInt(1), kept);
      octets += kept.octets();
    }
    return structures;
  }

  /// The sum of the lengths of messages. Takes time that grows with the archive.
  public long octets(BitSet numbers) {
    return reading.withHandle(
        handle ->
            handle
                .select("SELECT number, length FROM message")
                .scanResultSet(
                    (rows, _) -> {
                      long octets = 0;
                      ResultSet row = rows.get();
                      while (row.next()) {
                        octets += numbers.get(row.getInt(1)) ? row.getLong(2) : 0;
                      }
                      return octets;
                    }));
  }

  /// The numbers of messages that an event touched in any of some accounts.
  ///
  /// @param from leaf of the first such event
  public BitSet touched(Collection<AccountName> accounts, long from) {
    return numbers("p.changed >= :from", accounts, from);
  }

  /// The numbers of messages without `\Seen` at any place in some accounts that they have not moved
  /// from.
  public BitSet unseen(Collection<AccountName> accounts) {
    return numbers("p.seen = 0 AND p.absence IN (0, 1) AND p.leaf >= :from", accounts, 0);
  }

  private BitSet numbers(String where, Collection<AccountName> accounts, long from) {
    if (accounts.isEmpty()) {
      return new BitSet();
    }
    return reading.withHandle(
        handle ->
            handle
                .createQuery(NUMBERS + where)
                .bindList("accounts", accounts.stream().map(AccountName::value).toList())
                .bind("from", from)
                .scanResultSet(
                    (rows, _) -> {
                      BitSet numbers = new BitSet();
                      ResultSet row = rows.get();
                      while (row.next()) {
                        numbers.set(row.getInt(1));
                      }
                      return numbers;
                    }));
  }

  /// The places of messages by number of the message, each list in order of capture.
  ///
  /// @param numbers at most [#MAX_ROWS]
  public Map<Integer, List<Place>> places(Collection<Integer> numbers) {
    if (checked(numbers).isEmpty()) {
      return Map.of();
    }
    return reading.inTransaction(
        handle ->
            places(handle, List.copyOf(numbers)).stream().collect(groupingBy(Place::message)));
  }

  /// The places in a mailbox by ascending UID.
  ///
  /// @param uids at most [#MAX_ROWS]; those that do not exist are left out
  public List<Place> places(Mailbox mailbox, Collection<Uid> uids) {
    if (checked(uids).isEmpty()) {
      return List.of();
    }
    FlagText flags = new FlagText();
    Map<Integer, Mailbox> holding = Map.of(mailbox.number(), mailbox);
    return reading.withHandle(
        handle ->
            handle
                .createQuery(PLACES_IN)
                .bind("mailbox", mailbox.number())
                .bindList("uids", uids.stream().map(Uid::value).toList())
                .map((row, context) -> place(row, holding, flags))
                .list());
  }

  /// Messages whose first capture is at a log position or later, in order, with their structures:
  /// what the full-text index follows. Fewer than asked for where their structures are large; none
  /// only where there are none.
  ///
  /// @param from log position
  /// @param to log position, not included
  /// @param limit at least 1, at most [#MAX_ROWS]
  public List<Structured> captured(long from, long to, int limit) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    "SELECT "
                        + MESSAGE
                        + """
                        , structure FROM message WHERE leaf >= ? AND leaf < ? ORDER BY leaf LIMIT ?
                        """,
                    from,
                    to,
                    Math.min(limit, MAX_ROWS))
                .scanResultSet((rows, context) -> structured(rows.get())));
  }

  private static List<Structured> structured(ResultSet row) throws SQLException {
    List<Structured> some = new ArrayList<>();
    long octets = 0;
    while (octets < MAX_STRUCTURE_OCTETS && row.next()) {
      byte[] structure = row.getBytes("structure");
      some.add(new Structured(message(row), StructureJson.read(structure)));
      octets += structure.length;
    }
    return some;
  }

  /// Number of messages whose first capture is at a log position or later.
  public long capturedSince(long from) {
    return reading.withHandle(
        handle ->
            handle
                .select("SELECT COUNT(*) FROM message WHERE leaf >= ?", from)
                .mapTo(Long.class)
                .one());
  }

  /// The number of the first message whose first capture is at a log position or later; where there
  /// is none, more than any message has.
  public int firstSince(long from) {
    return reading.withHandle(
        handle ->
            handle
                .select("SELECT number FROM message WHERE leaf >= ? ORDER BY leaf LIMIT 1", from)
                .mapTo(Integer.class)
                .findOne()
                .orElse(Integer.MAX_VALUE));
  }

  /// A message and what it is made of.
  public record Structured(Message message, Structure structure) {}

  private static <T> Collection<T> checked(Collection<T> some) {
    if (some.size() > MAX_ROWS) {
      throw new IllegalArgumentException(some.size() + " messages, at most " + MAX_ROWS);
    }
    return some;
  }

  private List<Place> places(Handle handle, List<Integer> numbers) {
    Map<Integer, Mailbox> holding = mailboxes.holding(handle, numbers);
    FlagText flags = new FlagText();
    return handle
        .createQuery(PLACES)
        .bindList("messages", numbers)
        .map((row, context) -> place(row, holding, flags))
        .list();
  }

  private static Place place(ResultSet row, Map<Integer, Mailbox> mailboxes, FlagText flags)
      throws SQLException {
    return new Place(
        row.getInt("message"),
        Objects.requireNonNull(mailboxes.get(row.getInt("mailbox"))),
        new Uid(row.getLong("uid")),
        SourceColumns.read(row),
        Instant.ofEpochSecond(row.getLong("internal_date")),
        flags.read(row.getString("flags")),
        new Event.Provenance(
            row.getString("protocol"), row.getString("host"), row.getString("user_name")),
        Instant.ofEpochMilli(row.getLong("captured")),
        absence(row),
        row.getLong("leaf"));
  }

  private static Row row(ResultSet row, FlagText flags, @Nullable KeptStructure structure)
      throws SQLException {
    return new Row(
        new Uid(row.getLong("uid")),
        row.getInt("number"),
        ContentId.of(row.getBytes("content")),
        row.getLong("length"),
        new Location(row.getString("location")),
        Instant.ofEpochSecond(row.getLong("internal_date")),
        Instant.ofEpochMilli(row.getLong("captured")),
        sentDate(row),
        flags.read(row.getString("flags")),
        absence(row),
        row.getLong("changed"),
        structure);
  }

  private static Message message(ResultSet row) throws SQLException {
    return new Message(
        row.getInt("number"),
        ContentId.of(row.getBytes("content")),
        row.getLong("length"),
        new Location(row.getString("location")),
        row.getLong("leaf"),
        Instant.ofEpochSecond(row.getLong("internal_date")),
        sentDate(row),
        row.getInt("attachment") == 1,
        row.getString("subject"),
        row.getString("sender"),
        row.getString("recipients"));
  }

  private static @Nullable Absence absence(ResultSet row) throws SQLException {
    long since = row.getLong("gone");
    return row.wasNull()
        ? null
        : new Absence(
            Instant.ofEpochMilli(since),
            row.getInt("moved") == 1,
            Deletions.Column.isDeleted(row.getString("deletion")));
  }

  private static @Nullable SentDate sentDate(ResultSet row) throws SQLException {
    long seconds = row.getLong("sent_date");
    return row.wasNull()
        ? null
        : new SentDate(Instant.ofEpochSecond(seconds), row.getInt("sent_offset"));
  }
}
