package org.muniment.indexer.catalog;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidRanges;

/// Applies what was observed of mailboxes and placements, inside a transaction.
final class Observations {

  private static final String MAILBOX =
      """
      UPDATE mailbox SET name = :name, display = :display, delimiter = :delimiter,
        attributes = :attributes, subscribed = :subscribed, object_id = :objectId, listed = :listed
      WHERE id = :id
      """;

  private static final String RANGE = " WHERE mailbox = :mailbox AND uid BETWEEN :first AND :last";

  private static final String MATCH =
      """
      UPDATE placement SET now_validity = :validity, now_uid = uid + :shift,
        provisional = :provisional, gone = NULL, moved = 0, deletion = NULL
      """
          + RANGE;

  private static final String REFUTE =
      """
      UPDATE placement SET now_validity = NULL, now_uid = NULL, provisional = 0, gone = :gone
      """
          + RANGE;

  private static final String DELETION =
      "UPDATE placement SET deletion = :deletion, deletion_time = :time" + RANGE;

  private static final String DELETED =
      """
      UPDATE placement SET deletion = :deletion, deletion_time = :time, gone = :time, moved = 0
      """
          + RANGE;

  private static final String CHANGED = "UPDATE placement SET changed = :leaf" + RANGE;

  private static final String TALLY =
      """
      SELECT p.absence, COUNT(*) AS messages, SUM(1 - p.seen) AS unseen, SUM(m.length) AS octets
      FROM placement p JOIN message m ON m.number = p.message
      """
          + RANGE
          + " GROUP BY p.absence";

  private static final String RECOUNT =
      """
      UPDATE mailbox SET unseen = unseen + :unseen,
        gone = gone + :gone, gone_unseen = gone_unseen + :goneUnseen,
        gone_octets = gone_octets + :goneOctets,
        moved = moved + :moved, moved_unseen = moved_unseen + :movedUnseen,
        moved_octets = moved_octets + :movedOctets
      WHERE number = :mailbox
      """;

  private static final String HISTORY =
      """
      INSERT INTO history (leaf, mailbox, uid, flags, there)
      SELECT :leaf, mailbox, uid, flags, CASE WHEN gone IS NULL THEN 1 ELSE 0 END FROM placement
      """
          + RANGE;

  /// Of each placement once: before anything else became of it.
  private static final String FIRST_HISTORY =
      """
      INSERT INTO history (leaf, mailbox, uid, flags, there)
      SELECT leaf, mailbox, uid, flags, 1 FROM placement
      """
          + RANGE
          + " ON CONFLICT DO NOTHING";

  private static final String UNWRAPPED =
      """
      INSERT INTO unwrapped (leaf, mailbox, uid, result, message, event)
      SELECT :leaf, p.mailbox, p.uid, :result,
        COALESCE((SELECT number FROM message WHERE content = :content), p.message), :event
      FROM placement p WHERE p.mailbox = :mailbox AND p.uid = :uid
      ON CONFLICT DO NOTHING
      """;

  private final Handle handle;

  Observations(Handle handle) {
    this.handle = handle;
  }

  void apply(Entry entry) {
    switch (entry.event()) {
      case Event.MailboxObserved mailbox -> apply(mailbox);
      case Event.Observed observed -> apply(observed, entry);
      case Event.MailboxCreated mailbox -> {}
      case Event.Placement placement -> {}
      case Event.Matched matched -> apply(matched, entry);
      case Event.Compared compared -> apply(compared, entry);
      case Event.DeletedAtSource deleted -> apply(deleted, entry);
      case Event.Unwrapped unwrapped -> apply(unwrapped, entry);
      case Event.Poll poll -> {}
      case Event.Recovery recovery -> {}
      case Event.Seal seal -> {}
      case Event.Unknown unknown -> {}
    }
  }

  private void apply(Event.MailboxObserved mailbox) {
    handle
        .createUpdate(MAILBOX)
        .bind("id", mailbox.mailbox().value())
        .bind("name", mailbox.name().bytes())
        .bind("display", mailbox.name().display())
        .bind("delimiter", mailbox.delimiter())
        .bind("attributes", attributes(mailbox.attributes()))
        .bind("subscribed", mailbox.subscribed() ? 1 : 0)
        .bind("objectId", mailbox.objectId())
        .bind("listed", mailbox.listed() ? 1 : 0)
        .execute();
  }

  /// Name attributes in one column.
  static String attributes(Set<String> attributes) {
    return attributes.stream().sorted().collect(Collectors.joining(" "));
  }

  private void apply(Event.Observed observed, Entry entry) {
    int mailbox = number(observed.mailbox());
    long time = entry.time().toEpochMilli();
    each(mailbox, observed.gone(), entry, range -> missed(range, time, false));
    each(mailbox, observed.moved(), entry, range -> missed(range, time, true));
    each(mailbox, observed.back(), entry, this::back);
    for (Event.FlagsOf of : observed.flags()) {
      each(mailbox, of.uids(), entry, range -> flagged(range, of.flags()));
    }
  }

  private void apply(Event.Matched matched, Entry entry) {
    int mailbox = number(matched.mailbox());
    for (Event.UidRun run : matched.runs()) {
      long first = run.uid().value();
      UidRanges uids = new UidRanges.Builder().add(first, first + run.count() - 1).build();
      each(
          mailbox,
          uids,
          entry,
          range ->
              range
                  .bind(handle.createUpdate(MATCH))
                  .bind("validity", matched.uidValidity().value())
                  .bind("shift", run.source().value() - first)
                  .bind("provisional", matched.provisional() ? 1 : 0)
                  .execute());
    }
  }

  private void apply(Event.Compared compared, Entry entry) {
    int mailbox = number(compared.mailbox());
    for (UidRanges.Range uid : compared.same().ranges()) {
      new Range(mailbox, uid.first(), uid.last())
          .bind(handle.createUpdate("UPDATE placement SET provisional = 0" + RANGE))
          .execute();
    }
    each(
        mailbox,
        compared.different(),
        entry,
        range ->
            range
                .bind(handle.createUpdate(REFUTE))
                .bind("gone", entry.time().toEpochMilli())
                .execute());
  }

  private void apply(Event.DeletedAtSource deleted, Entry entry) {
    int mailbox = number(deleted.mailbox());
    Deletions.Column column = new Deletions.Column(deleted.outcome(), entry.time().toEpochMilli());
    if (deleted.outcome() == Event.Deletion.DELETED) {
      each(mailbox, deleted.uids(), entry, range -> deletion(DELETED, range, column));
    } else {
      for (UidRanges.Range uid : deleted.uids().ranges()) {
        deletion(DELETION, new Range(mailbox, uid.first(), uid.last()), column);
      }
    }
  }

  private void deletion(String update, Range range, Deletions.Column column) {
    range
        .bind(handle.createUpdate(update))
        .bind("deletion", column.text())
        .bind("time", column.time())
        .execute();
  }

  private void apply(Event.Unwrapped unwrapped, Entry entry) {
    handle
        .createUpdate(UNWRAPPED)
        .bind("leaf", entry.index())
        .bind("mailbox", number(unwrapped.mailbox()))
        .bind("uid", unwrapped.uid().value())
        .bind("result", Transmissions.result(unwrapped.finding()))
        .bind(
            "content",
            unwrapped.finding() instanceof Event.JournalReport report
                ? report.content().bytes()
                : null)
        .bind("event", EventJson.write(unwrapped))
        .execute();
  }

  private int number(MailboxId mailbox) {
    return handle
        .select("SELECT number FROM mailbox WHERE id = ?", mailbox.value())
        .mapTo(Integer.class)
        .one();
  }

  /// Changes the placements of each range, and writes down what became of them.
  private void each(int mailbox, UidRanges uids, Entry entry, Change change) {
    for (UidRanges.Range uid : uids.ranges()) {
      Range range = new Range(mailbox, uid.first(), uid.last());
      Tally before = tally(range);
      range.bind(handle.createUpdate(FIRST_HISTORY)).execute();
      change.to(range);
      range.bind(handle.createUpdate(HISTORY)).bind("leaf", entry.index()).execute();
      range.bind(handle.createUpdate(CHANGED)).bind("leaf", entry.index()).execute();
      recount(mailbox, before, tally(range));
    }
  }

  private void back(Range range) {
    range
        .bind(
            handle.createUpdate(
                "UPDATE placement SET gone = NULL, moved = 0, deletion = NULL" + RANGE))
        .execute();
  }

  private void missed(Range range, long time, boolean moved) {
    range
        .bind(handle.createUpdate("UPDATE placement SET gone = :gone, moved = :moved" + RANGE))
        .bind("gone", time)
        .bind("moved", moved ? 1 : 0)
        .execute();
  }

  private void flagged(Range range, Set<SourceText> flags) {
    range
        .bind(handle.createUpdate("UPDATE placement SET flags = :flags, seen = :seen" + RANGE))
        .bind("flags", FlagText.write(flags))
        .bind("seen", FlagText.seen(flags) ? 1 : 0)
        .execute();
  }

  private Tally tally(Range range) {
    Map<Integer, Counts> counts =
        handle
            .createQuery(TALLY)
            .bind("mailbox", range.mailbox)
            .bind("first", range.first)
            .bind("last", range.last)
            .map(
                (row, context) ->
                    Map.entry(
                        row.getInt("absence"),
                        new Counts(
                            row.getLong("messages"), row.getLong("unseen"), row.getLong("octets"))))
            .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
    Counts none = new Counts(0, 0, 0);
    return new Tally(
        counts.values().stream().mapToLong(Counts::unseen).sum(),
        counts.getOrDefault(1, none),
        counts.getOrDefault(2, none));
  }

  private void recount(int mailbox, Tally before, Tally after) {
    Counts gone = after.gone.minus(before.gone);
    Counts moved = after.moved.minus(before.moved);
    handle
        .createUpdate(RECOUNT)
        .bind("mailbox", mailbox)
        .bind("unseen", after.unseen - before.unseen)
        .bind("gone", gone.messages())
        .bind("goneUnseen", gone.unseen())
        .bind("goneOctets", gone.octets())
        .bind("moved", moved.messages())
        .bind("movedUnseen", moved.unseen())
        .bind("movedOctets", moved.octets())
        .execute();
  }

  /// What a mailbox counts of a range.
  private record Tally(long unseen, Counts gone, Counts moved) {}

  private interface Change {
    void to(Range range);
  }

  private record Range(int mailbox, long first, long last) {
    Update bind(Update update) {
      return update.bind("mailbox", mailbox).bind("first", first).bind("last", last);
    }
  }
}
