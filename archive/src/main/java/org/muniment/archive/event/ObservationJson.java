package org.muniment.archive.event;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Observations as JSON. Members that were thought of later are missing in older events, and read
/// as if nothing had been known.
final class ObservationJson {

  static final String POLL = "poll";
  static final String OBSERVE = "observe";
  static final String OBSERVE_MAILBOX = "observe-mailbox";
  static final String MATCH = "match";
  static final String COMPARE = "compare";
  static final String DELETE_AT_SOURCE = "delete-at-source";

  private ObservationJson() {}

  static String type(Event.Observation observation) {
    return switch (observation) {
      case Event.Poll poll -> POLL;
      case Event.Observed observed -> OBSERVE;
      case Event.MailboxObserved mailbox -> OBSERVE_MAILBOX;
      case Event.Matched matched -> MATCH;
      case Event.Compared compared -> COMPARE;
      case Event.DeletedAtSource deleted -> DELETE_AT_SOURCE;
      case Event.Unwrapped unwrapped -> UnwrapJson.UNWRAP;
    };
  }

  static Map<String, Object> object(Event.Observation observation) {
    return switch (observation) {
      case Event.Poll poll -> object(poll);
      case Event.Observed observed -> object(observed);
      case Event.MailboxObserved mailbox -> object(mailbox);
      case Event.Matched matched -> object(matched);
      case Event.Compared compared -> object(compared);
      case Event.DeletedAtSource deleted -> object(deleted);
      case Event.Unwrapped unwrapped -> UnwrapJson.object(unwrapped);
    };
  }

  private static Map<String, Object> object(Event.Observed observed) {
    Map<String, Object> object = Fields.event(OBSERVE);
    object.put("account", observed.account().value());
    object.put("back", observed.back().toString());
    object.put(
        "flags",
        observed.flags().stream()
            .map(of -> Map.of("flags", Fields.objects(of.flags()), "uids", of.uids().toString()))
            .toList());
    object.put("gone", observed.gone().toString());
    object.put("mailbox", observed.mailbox().value());
    object.put("moved", observed.moved().toString());
    return object;
  }

  static Event.Observed observed(Fields event) {
    return new Event.Observed(
        event.account(),
        new MailboxId(event.text("mailbox")),
        event.uids("gone"),
        event.uids("moved"),
        event.uids("back"),
        event.objects("flags").stream()
            .map(of -> new Event.FlagsOf(of.sourceTexts("flags"), of.uids("uids")))
            .toList());
  }

  private static Map<String, Object> object(Event.MailboxObserved mailbox) {
    Map<String, Object> object = Fields.event(OBSERVE_MAILBOX);
    object.put("account", mailbox.account().value());
    object.put("attributes", mailbox.attributes().stream().sorted().toList());
    object.put("delimiter", mailbox.delimiter());
    object.put("listed", mailbox.listed());
    object.put("mailbox", mailbox.mailbox().value());
    object.put("name", Fields.object(mailbox.name()));
    object.put("objectId", mailbox.objectId());
    object.put("subscribed", mailbox.subscribed());
    return object;
  }

  static Event.MailboxObserved mailbox(Fields event) {
    return new Event.MailboxObserved(
        event.account(),
        new MailboxId(event.text("mailbox")),
        event.sourceText("name"),
        event.text("delimiter"),
        Set.copyOf(event.texts("attributes")),
        event.truth("subscribed"),
        event.text("objectId"),
        event.truth("listed"));
  }

  private static Map<String, Object> object(Event.Matched matched) {
    Map<String, Object> object = Fields.event(MATCH);
    object.put("account", matched.account().value());
    object.put("mailbox", matched.mailbox().value());
    object.put("provisional", matched.provisional());
    object.put(
        "runs",
        matched.runs().stream()
            .map(
                run ->
                    Map.of(
                        "count", run.count(),
                        "source", run.source().value(),
                        "uid", run.uid().value()))
            .toList());
    object.put("uidValidity", matched.uidValidity().value());
    return object;
  }

  static Event.Matched matched(Fields event) {
    return new Event.Matched(
        event.account(),
        new MailboxId(event.text("mailbox")),
        new UidValidity(event.integer("uidValidity")),
        event.objects("runs").stream()
            .map(
                run ->
                    new Event.UidRun(
                        new Uid(run.integer("source")),
                        new Uid(run.integer("uid")),
                        run.integer("count")))
            .toList(),
        event.truth("provisional"));
  }

  private static Map<String, Object> object(Event.Compared compared) {
    Map<String, Object> object = Fields.event(COMPARE);
    object.put("account", compared.account().value());
    object.put("different", compared.different().toString());
    object.put("mailbox", compared.mailbox().value());
    object.put("same", compared.same().toString());
    return object;
  }

  static Event.Compared compared(Fields event) {
    return new Event.Compared(
        event.account(),
        new MailboxId(event.text("mailbox")),
        event.uids("same"),
        event.uids("different"));
  }

  private static Map<String, Object> object(Event.DeletedAtSource deleted) {
    Map<String, Object> object = Fields.event(DELETE_AT_SOURCE);
    object.put("account", deleted.account().value());
    object.put("mailbox", deleted.mailbox().value());
    object.put("outcome", deleted.outcome().name().toLowerCase(Locale.ROOT));
    object.put("source", deleted.source().toString());
    object.put("uidValidity", deleted.uidValidity().value());
    object.put("uids", deleted.uids().toString());
    return object;
  }

  static Event.DeletedAtSource deletedAtSource(Fields event) {
    return new Event.DeletedAtSource(
        event.account(),
        new MailboxId(event.text("mailbox")),
        new UidValidity(event.integer("uidValidity")),
        event.uids("source"),
        event.uids("uids"),
        Event.Deletion.valueOf(event.text("outcome").toUpperCase(Locale.ROOT)));
  }

  private static Map<String, Object> object(Event.Poll poll) {
    Map<String, Object> object = Fields.event(POLL);
    object.put("account", poll.account().value());
    object.put(
        "excluded",
        poll.excluded().stream()
            .map(left -> Map.of("name", Fields.object(left.name()), "rule", left.rule()))
            .toList());
    object.put("failure", Fields.object(poll.failure()));
    object.put("mailboxes", poll.mailboxes().stream().map(ObservationJson::object).toList());
    object.put("started", Times.format(poll.started()));
    object.put("unchanged", Fields.number(poll.unchanged()));
    return object;
  }

  static Event.Poll poll(Fields event) {
    return new Event.Poll(
        event.account(),
        event.time("started"),
        event.objects("mailboxes").stream().map(ObservationJson::receipt).toList(),
        event.has("excluded")
            ? event.objects("excluded").stream().map(ObservationJson::excluded).toList()
            : List.of(),
        event.sourceText("failure"),
        event.has("unchanged") ? event.number("unchanged") : 0);
  }

  private static Event.Excluded excluded(Fields left) {
    return left.has("rule")
        ? new Event.Excluded(left.sourceText("name"), left.text("rule"))
        : new Event.Excluded(left.sourceText(), "");
  }

  private static Map<String, Object> object(Event.MailboxReceipt receipt) {
    Map<String, Object> object = new TreeMap<>();
    object.put("added", receipt.added());
    object.put("archived", receipt.archived());
    object.put("excluded", receipt.excluded());
    object.put("failed", receipt.failed().stream().map(ObservationJson::object).toList());
    object.put("failure", Fields.object(receipt.failure()));
    Event.JournalReceipt journal = receipt.journal();
    if (journal != null) {
      object.put("journal", UnwrapJson.object(journal));
    }
    object.put("listed", receipt.listed());
    object.put("mailbox", receipt.mailbox().value());
    object.put("modSeq", Fields.number(receipt.source().modSeq()));
    object.put("provisional", receipt.provisional());
    Instant reconciled = receipt.reconciled();
    if (reconciled != null) {
      object.put("reconciled", Times.format(reconciled));
    }
    object.put("uidNext", receipt.source().uidNext());
    object.put("uidNextBefore", receipt.source().uidNextBefore());
    object.put("uidValidity", receipt.source().uidValidity().value());
    object.put("vanished", receipt.vanished());
    return object;
  }

  private static Event.MailboxReceipt receipt(Fields receipt) {
    UidValidity generation = new UidValidity(receipt.integer("uidValidity"));
    return new Event.MailboxReceipt(
        new MailboxId(receipt.text("mailbox")),
        new Event.Described(
            generation,
            receipt.has("uidNextBefore") ? receipt.integer("uidNextBefore") : 0,
            receipt.has("uidNext") ? receipt.integer("uidNext") : 0,
            receipt.has("modSeq") ? receipt.number("modSeq") : 0),
        receipt.integer("listed"),
        receipt.integer("archived"),
        receipt.integer("added"),
        receipt.integer("excluded"),
        receipt.integer("vanished"),
        receipt.has("provisional") ? receipt.integer("provisional") : 0,
        receipt.objects("failed").stream().map(failed -> failed(failed, generation)).toList(),
        reconciled(receipt),
        receipt.sourceText("failure"),
        receipt.has("journal") ? UnwrapJson.receipt(receipt.object("journal")) : null);
  }

  private static @Nullable Instant reconciled(Fields receipt) {
    return receipt.has("reconciled") ? receipt.time("reconciled") : null;
  }

  private static Map<String, Object> object(Event.FailedMessage failed) {
    Map<String, Object> object = new TreeMap<>(source(failed.source()));
    object.put("attempts", failed.attempts());
    object.put("nextTry", Times.format(failed.nextTry()));
    object.put("reason", Fields.object(failed.reason()));
    return object;
  }

  /// The generation of a UID stands in the receipt.
  private static Map<String, Object> source(Event.SourceId source) {
    return source instanceof Event.SourceUid at
        ? Map.of("uid", at.uid().value())
        : EventJson.object(source);
  }

  private static Event.FailedMessage failed(Fields failed, UidValidity generation) {
    return new Event.FailedMessage(
        failed.has("uid")
            ? new Event.SourceUid(generation, new Uid(failed.integer("uid")))
            : EventJson.sourceId(failed),
        failed.sourceText("reason"),
        failed.has("attempts") ? failed.integer("attempts") : 1,
        failed.has("nextTry") ? failed.time("nextTry") : Instant.EPOCH);
  }
}
