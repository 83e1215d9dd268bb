package org.muniment.indexer.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Entry;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.ArchiveException;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.mail.SentDate;

/// Applies one batch inside a transaction. A placement that the catalogue has already, by mailbox
/// and UID at the source, changes nothing.
final class BatchInsert {

  private static final String MESSAGE =
      """
      INSERT INTO message (number, content, length, location, leaf, internal_date, sent_date,
        sent_offset, attachment, subject, sender, recipients, structure, header, listed)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String PLACEMENT =
      """
      INSERT INTO placement (leaf, mailbox, uid, message, source_kind, source_validity, source_uid,
        source_text, synthetic, now_validity, now_uid, provisional, internal_date, captured,
        origin, flags, seen, gone, moved, changed)
      VALUES (:leaf, :mailbox, :uid, :message, :source_kind, :source_validity, :source_uid,
        :source_text, :synthetic, :now_validity, :now_uid, 0, :internal_date, :captured,
        :origin, :flags, :seen, NULL, 0, :leaf)
      ON CONFLICT DO NOTHING
      """;

  private static final String COUNTS =
      """
      UPDATE mailbox SET uid_next = CASE WHEN uid_next > :next THEN uid_next ELSE :next END,
        messages = messages + :messages, unseen = unseen + :unseen, octets = octets + :octets
      WHERE number = :mailbox
      """;

  private static final String POSITION =
      """
      UPDATE position SET entries = :entries, mark = :mark, messages = :messages,
        octets = octets + :octets
      """;

  private final Handle handle;
  private final Batch batch;
  private final CatalogueWriter.Seals seals;
  private final Map<ContentId, Integer> numbers;
  private final Map<MailboxId, Integer> mailboxes = new HashMap<>();
  private final Map<Event.Provenance, Integer> origins = new HashMap<>();
  private final List<Entry> placements = new ArrayList<>();

  BatchInsert(Handle handle, Batch batch, CatalogueWriter.Seals seals) {
    this.handle = handle;
    this.batch = batch;
    this.seals = seals;
    this.numbers = new HashMap<>(batch.known());
  }

  boolean run() throws ArchiveException {
    long position = number("SELECT entries FROM position");
    if (position != batch.from()) {
      return false;
    }
    insertMailboxes();
    findMailboxes();
    int before = Math.toIntExact(number("SELECT messages FROM position"));
    long octets = insertMessages(before);
    followPlacements();
    insertReceipts();
    followSeals();
    handle
        .createUpdate(POSITION)
        .bind("entries", batch.last().index() + 1)
        .bind("mark", LogMark.of(batch.last()))
        .bind("messages", before + batch.fresh().size())
        .bind("octets", octets)
        .execute();
    return true;
  }

  private void insertMailboxes() {
    for (Entry entry : batch.entries()) {
      if (entry.event() instanceof Event.MailboxCreated mailbox) {
        insert(mailbox);
      } else if (entry.event() instanceof Event.Placement) {
        placements.add(entry);
      }
    }
  }

  private void insert(Event.MailboxCreated mailbox) {
    int account = account(mailbox.account());
    handle
        .createUpdate(
            """
            INSERT INTO mailbox (number, id, account, name, display, delimiter, attributes,
              uid_validity, uid_next, messages, unseen, octets)
            VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM mailbox),
              ?, ?, ?, ?, ?, ?, ?, 1, 0, 0, 0)
            ON CONFLICT DO NOTHING
            """)
        .bind(0, mailbox.id().value())
        .bind(1, account)
        .bind(2, mailbox.name().bytes())
        .bind(3, mailbox.name().display())
        .bind(4, mailbox.delimiter())
        .bind(5, Observations.attributes(mailbox.attributes()))
        .bind(6, mailbox.uidValidity().value())
        .execute();
  }

  private int account(AccountName name) {
    handle.execute(
        """
        INSERT INTO account (number, name)
        VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM account), ?) ON CONFLICT DO NOTHING
        """,
        name.value());
    return Math.toIntExact(number("SELECT number FROM account WHERE name = ?", name.value()));
  }

  private void findMailboxes() {
    Set<String> ids =
        placements.stream()
            .map(entry -> placement(entry).mailbox().value())
            .collect(Collectors.toSet());
    if (ids.isEmpty()) {
      return;
    }
    handle
        .createQuery("SELECT id, number FROM mailbox WHERE id IN (<ids>)")
        .bindList("ids", List.copyOf(ids))
        .map((row, context) -> Map.entry(new MailboxId(row.getString(1)), row.getInt(2)))
        .forEach(found -> mailboxes.put(found.getKey(), found.getValue()));
  }

  /// @return sum of the lengths of the messages that are new
  private long insertMessages(int before) {
    PreparedBatch rows = handle.prepareBatch(MESSAGE);
    int next = before;
    long octets = 0;
    for (Entry entry : placements) {
      Event.Placement placement = placement(entry);
      if (!numbers.containsKey(placement.content())) {
        numbers.put(placement.content(), next);
        octets += placement.length();
        bind(rows, next++, entry, placement);
      }
    }
    if (next > before) {
      rows.execute();
    }
    return octets;
  }

  private void bind(PreparedBatch rows, int number, Entry entry, Event.Placement placement) {
    Headline headline = Objects.requireNonNull(batch.fresh().get(placement.content()));
    @Nullable SentDate sent = headline.sentDate();
    @Nullable ListedFields listed = headline.listed();
    rows.bind(0, number)
        .bind(1, placement.content().bytes())
        .bind(2, placement.length())
        .bind(3, Objects.requireNonNull(entry.location()).text())
        .bind(4, entry.index())
        .bind(5, placement.internalDate().getEpochSecond())
        .bind(6, sent == null ? null : (Long) sent.instant().getEpochSecond())
        .bind(7, sent == null ? null : (Integer) sent.offsetSeconds())
        .bind(8, headline.attachment() ? 1 : 0)
        .bind(9, headline.subject())
        .bind(10, headline.from())
        .bind(11, headline.to())
        .bind(12, headline.structure())
        .bind(13, headline.header())
        .bind(14, listed == null ? null : listed.octets())
        .add();
  }

  /// Placements and what was observed of them, in the order of the log.
  private void followPlacements() {
    Observations observations = new Observations(handle);
    List<Entry> together = new ArrayList<>();
    for (Entry entry : batch.entries()) {
      if (entry.event() instanceof Event.Placement) {
        together.add(entry);
      } else if (entry.event() instanceof Event.Observation) {
        insertPlacements(together);
        together.clear();
        observations.apply(entry);
      }
    }
    insertPlacements(together);
  }

  private void insertPlacements(List<Entry> together) {
    if (together.isEmpty()) {
      return;
    }
    PreparedBatch rows = handle.prepareBatch(PLACEMENT);
    for (Entry entry : together) {
      Event.Placement placement = placement(entry);
      SourceColumns.bind(rows, placement.source());
      rows.bind("leaf", entry.index())
          .bind("mailbox", mailbox(entry))
          .bind("uid", placement.uid().value())
          .bind("message", numbers.get(placement.content()))
          .bind("internal_date", placement.internalDate().getEpochSecond())
          .bind("captured", entry.time().toEpochMilli())
          .bind("origin", origin(placement.provenance()))
          .bind("flags", FlagText.write(placement.flags()))
          .bind("seen", FlagText.seen(placement.flags()) ? 1 : 0)
          .add();
    }
    count(together, rows.execute());
    OwnIds.insert(handle, together, numbers);
  }

  private int mailbox(Entry entry) {
    Integer number = mailboxes.get(placement(entry).mailbox());
    if (number == null) {
      throw new IllegalStateException(
          "log entry "
              + entry.index()
              + ": placement in mailbox "
              + placement(entry).mailbox()
              + ", which no entry before it has created");
    }
    return number;
  }

  private int origin(Event.Provenance origin) {
    return origins.computeIfAbsent(
        origin,
        o -> {
          handle.execute(
              """
              INSERT INTO origin (number, protocol, host, user_name)
              VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM origin), ?, ?, ?)
              ON CONFLICT DO NOTHING
              """,
              o.protocol(),
              o.host(),
              o.user());
          return Math.toIntExact(
              number(
                  "SELECT number FROM origin WHERE protocol = ? AND host = ? AND user_name = ?",
                  o.protocol(),
                  o.host(),
                  o.user()));
        });
  }

  /// @param inserted for each placement, 1 when it was new and 0 when not
  private void count(List<Entry> together, int[] inserted) {
    Map<Integer, Counts> counts = new LinkedHashMap<>();
    for (int i = 0; i < inserted.length; i++) {
      Entry entry = together.get(i);
      counts
          .computeIfAbsent(mailbox(entry), number -> new Counts())
          .add(placement(entry), inserted[i] > 0);
    }
    PreparedBatch rows = handle.prepareBatch(COUNTS);
    counts.forEach(
        (mailbox, count) ->
            rows.bind("mailbox", mailbox)
                .bind("next", count.next)
                .bind("messages", count.messages)
                .bind("unseen", count.unseen)
                .bind("octets", count.octets)
                .add());
    rows.execute();
  }

  /// What a batch adds to a mailbox.
  private static final class Counts {
    private long next;
    private long messages;
    private long unseen;
    private long octets;

    void add(Event.Placement placement, boolean inserted) {
      next = Math.max(next, placement.uid().value() + 1);
      if (inserted) {
        messages++;
        unseen += FlagText.seen(placement.flags()) ? 0 : 1;
        octets += placement.length();
      }
    }
  }

  private void insertReceipts() {
    PreparedBatch rows =
        handle.prepareBatch(
            "INSERT INTO receipt (leaf, account, ended, complete, poll) VALUES (?, ?, ?, ?, ?)");
    for (Entry entry : batch.entries()) {
      if (entry.event() instanceof Event.Poll poll) {
        rows.bind(0, entry.index())
            .bind(1, poll.account().value())
            .bind(2, entry.time().toEpochMilli())
            .bind(3, poll.complete() ? 1 : 0)
            .bind(4, EventJson.write(poll))
            .add();
      }
    }
    if (rows.size() > 0) {
      rows.execute();
    }
  }

  private void followSeals() throws ArchiveException {
    for (Entry entry : batch.entries()) {
      if (entry.event() instanceof Event.Seal seal) {
        MovedOctets moved = new MovedOctets(handle);
        seals.tell(seal, moved);
        moved.finish();
      }
    }
  }

  private long number(String sql, Object... arguments) {
    return handle.select(sql, arguments).mapTo(Long.class).one();
  }

  private static Event.Placement placement(Entry entry) {
    return (Event.Placement) entry.event();
  }
}
