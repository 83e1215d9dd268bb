package org.muniment.indexer.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;

/// The accounts and mailboxes of a catalogue, and the UIDs in them.
public final class Mailboxes {

  private static final String SELECT =
      """
      SELECT m.*, a.name AS account_name,
        (SELECT MAX(p.changed) FROM placement p WHERE p.mailbox = m.number) AS changed
      FROM mailbox m JOIN account a ON a.number = m.account
      """;

  private static final int MAX_SNAPSHOTS = 1_000;

  private final Jdbi reading;
  private final Map<Key, Snapshot> snapshots = new Recent<>(MAX_SNAPSHOTS);

  private record Key(MailboxId mailbox, Shown shown) {}

  Mailboxes(Jdbi reading) {
    this.reading = reading;
  }

  /// All accounts that the log names, by name.
  public List<AccountName> accounts() {
    return reading.withHandle(
        handle ->
            handle
                .select("SELECT name FROM account ORDER BY name")
                .map((row, context) -> new AccountName(row.getString(1)))
                .list());
  }

  /// The mailboxes of an account by name; empty when there is no such account.
  public List<Mailbox> of(AccountName account) {
    return list(handle -> handle.select(SELECT + "WHERE a.name = ?", account.value()));
  }

  /// The mailboxes of some accounts by account and name.
  public List<Mailbox> of(Collection<AccountName> accounts) {
    if (accounts.isEmpty()) {
      return List.of();
    }
    List<String> names = accounts.stream().map(AccountName::value).toList();
    return list(
        handle ->
            handle.createQuery(SELECT + "WHERE a.name IN (<names>)").bindList("names", names));
  }

  /// A mailbox by its identity.
  public Optional<Mailbox> find(MailboxId id) {
    return reading.withHandle(handle -> find(handle, id));
  }

  /// A mailbox by its name at the source; one that the source lists before others, the newest of
  /// them.
  ///
  /// @param name its octets count, not what is displayed
  public Optional<Mailbox> find(AccountName account, SourceText name) {
    return reading.withHandle(
        handle ->
            handle
                .select(
                    SELECT
                        + "WHERE a.name = ? AND m.name = ? ORDER BY m.listed DESC, m.number DESC LIMIT 1",
                    account.value(),
                    name.bytes())
                .map((row, context) -> mailbox(row))
                .findOne());
  }

  /// A mailbox and the UIDs that it shows, as they are now. Costs as much as was changed since the
  /// last call.
  public Optional<Snapshot> snapshot(MailboxId id, Shown shown) {
    @Nullable Snapshot known = known(new Key(id, shown), Long.MAX_VALUE);
    if (known != null && known.position() == reading.withHandle(Mailboxes::position)) {
      return Optional.of(known);
    }
    return reading.inTransaction(
        handle -> find(handle, id).map(mailbox -> snapshot(handle, mailbox, shown)));
  }

  private static long position(Handle handle) {
    return handle.select("SELECT entries FROM position").mapTo(Long.class).one();
  }

  /// What became of the messages that an event touched.
  ///
  /// @param from leaf of the first such event
  public Changes changes(Mailbox mailbox, Shown shown, long from) {
    return reading.withHandle(handle -> changes(handle, mailbox, shown, from));
  }

  /// The mailboxes that hold any of some messages, by number of the mailbox.
  Map<Integer, Mailbox> holding(Handle handle, List<Integer> messages) {
    return handle
        .createQuery(
            SELECT
                + "WHERE m.number IN (SELECT mailbox FROM placement WHERE message IN (<messages>))")
        .bindList("messages", messages)
        .map((row, context) -> mailbox(row))
        .collectToMap(Mailbox::number, mailbox -> mailbox);
  }

  void forget() {
    synchronized (snapshots) {
      snapshots.clear();
    }
  }

  private List<Mailbox> list(Function<Handle, Query> query) {
    List<Mailbox> found =
        reading.withHandle(
            handle -> query.apply(handle).map((row, context) -> mailbox(row)).list());
    return found.stream()
        .sorted(
            Comparator.comparing(Mailbox::account)
                .thenComparing(mailbox -> mailbox.name().display())
                .thenComparingInt(Mailbox::number))
        .toList();
  }

  static Optional<Mailbox> find(Handle handle, MailboxId id) {
    return handle
        .select(SELECT + "WHERE m.id = ?", id.value())
        .map((row, context) -> mailbox(row))
        .findOne();
  }

  private Snapshot snapshot(Handle handle, Mailbox mailbox, Shown shown) {
    Key key = new Key(mailbox.id(), shown);
    long position = position(handle);
    @Nullable Snapshot known = known(key, position);
    UidSet uids =
        known == null ? all(handle, mailbox, shown) : changed(handle, mailbox, shown, known);
    Snapshot snapshot = new Snapshot(mailbox, shown, uids, position);
    synchronized (snapshots) {
      snapshots.put(key, snapshot);
    }
    return snapshot;
  }

  private @Nullable Snapshot known(Key key, long position) {
    synchronized (snapshots) {
      @Nullable Snapshot known = snapshots.get(key);
      return known == null || known.position() > position ? null : known;
    }
  }

  private static UidSet changed(Handle handle, Mailbox mailbox, Shown shown, Snapshot known) {
    if (mailbox.changed() < known.position()) {
      return known.uids();
    }
    Changes changes = changes(handle, mailbox, shown, known.position());
    return UidSet.of(known.uids().ranges().minus(changes.left()).or(changes.here()));
  }

  private static UidSet all(Handle handle, Mailbox mailbox, Shown shown) {
    UidRanges all =
        uids(
            handle.select(
                "SELECT uid FROM placement WHERE mailbox = ? ORDER BY uid", mailbox.number()));
    UidRanges hidden =
        uids(
            handle.select(
                """
                SELECT uid FROM placement
                WHERE mailbox = ? AND gone IS NOT NULL AND absence >= ? ORDER BY absence, uid
                """,
                mailbox.number(),
                shown.hidden()));
    return UidSet.of(all.minus(hidden));
  }

  private static UidRanges uids(Query query) {
    return query.scanResultSet(
        (rows, context) -> {
          UidRanges.Builder uids = new UidRanges.Builder();
          ResultSet row = rows.get();
          while (row.next()) {
            uids.accept(row.getLong(1));
          }
          return uids.build();
        });
  }

  private static Changes changes(Handle handle, Mailbox mailbox, Shown shown, long from) {
    return handle
        .select(
            "SELECT uid, absence FROM placement WHERE mailbox = ? AND changed >= ?",
            mailbox.number(),
            from)
        .scanResultSet(
            (rows, context) -> {
              UidRanges.Builder here = new UidRanges.Builder();
              UidRanges.Builder left = new UidRanges.Builder();
              ResultSet row = rows.get();
              while (row.next()) {
                (shown.shows(row.getInt(2)) ? here : left).accept(row.getLong(1));
              }
              return new Changes(here.build(), left.build());
            });
  }

  private static Counts counts(ResultSet row, String which) throws SQLException {
    return new Counts(
        row.getLong(which), row.getLong(which + "_unseen"), row.getLong(which + "_octets"));
  }

  private static long changed(ResultSet row) throws SQLException {
    long changed = row.getLong("changed");
    return row.wasNull() ? -1 : changed;
  }

  static Mailbox mailbox(ResultSet row) throws SQLException {
    String attributes = row.getString("attributes");
    return new Mailbox(
        row.getInt("number"),
        new MailboxId(row.getString("id")),
        new AccountName(row.getString("account_name")),
        new SourceText(
            new String(row.getBytes("name"), StandardCharsets.ISO_8859_1),
            row.getString("display")),
        row.getString("delimiter"),
        attributes.isEmpty() ? Set.of() : Set.copyOf(List.of(attributes.split(" ", -1))),
        row.getInt("subscribed") == 1,
        row.getString("object_id"),
        row.getInt("listed") == 1,
        new UidValidity(row.getLong("uid_validity")),
        row.getLong("uid_next"),
        row.getLong("messages"),
        row.getLong("unseen"),
        row.getLong("octets"),
        counts(row, "gone"),
        counts(row, "moved"),
        changed(row));
  }
}
