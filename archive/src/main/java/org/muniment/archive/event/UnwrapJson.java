package org.muniment.archive.event;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What was found in journal mailboxes, as JSON.
final class UnwrapJson {

  static final String UNWRAP = "unwrap";

  private static final String REPORT = "report";
  private static final String ORDINARY = "ordinary";
  private static final String BROKEN = "broken";

  private UnwrapJson() {}

  static Map<String, Object> object(Event.Unwrapped unwrapped) {
    Map<String, Object> object = Fields.event(UNWRAP);
    object.put("account", unwrapped.account().value());
    object.put("mailbox", unwrapped.mailbox().value());
    object.put("uid", unwrapped.uid().value());
    switch (unwrapped.finding()) {
      case Event.JournalReport(ContentId content, MailboxId into, Event.Transmission sent) -> {
        object.put("result", REPORT);
        object.put("content", content.toString());
        object.put("into", into.value());
        put(object, sent);
      }
      case Event.OrdinaryMail ordinary -> object.put("result", ORDINARY);
      case Event.BrokenReport(String reason) -> {
        object.put("result", BROKEN);
        object.put("reason", reason);
      }
    }
    return object;
  }

  private static void put(Map<String, Object> object, Event.Transmission sent) {
    object.put("cut", sent.cut());
    object.put("onBehalfOf", sent.onBehalfOf());
    object.put("recipients", sent.recipients().stream().map(UnwrapJson::object).toList());
    object.put("sender", sent.sender());
  }

  /// Short, because a report may name many.
  private static Map<String, Object> object(Event.Recipient recipient) {
    Map<String, Object> object = new TreeMap<>();
    object.put("address", recipient.address());
    object.put("as", recipient.addressed().name().toLowerCase(Locale.ROOT));
    if (!recipient.expanded().isEmpty()) {
      object.put("expanded", recipient.expanded());
    }
    if (!recipient.forwarded().isEmpty()) {
      object.put("forwarded", recipient.forwarded());
    }
    return object;
  }

  static Event.Unwrapped unwrapped(Fields event) {
    return new Event.Unwrapped(
        event.account(),
        new MailboxId(event.text("mailbox")),
        new Uid(event.integer("uid")),
        finding(event));
  }

  private static Event.Finding finding(Fields event) {
    return switch (event.text("result")) {
      case REPORT ->
          new Event.JournalReport(
              ContentId.parse(event.text("content")),
              new MailboxId(event.text("into")),
              transmission(event));
      case ORDINARY -> new Event.OrdinaryMail();
      case BROKEN -> new Event.BrokenReport(event.text("reason"));
      default -> throw new IllegalArgumentException("result: report, ordinary or broken expected");
    };
  }

  private static Event.Transmission transmission(Fields event) {
    return new Event.Transmission(
        event.text("sender"),
        event.text("onBehalfOf"),
        event.objects("recipients").stream().map(UnwrapJson::recipient).toList(),
        event.text("cut"));
  }

  private static Event.Recipient recipient(Fields recipient) {
    return new Event.Recipient(
        addressed(recipient.text("as")),
        recipient.text("address"),
        recipient.has("expanded") ? recipient.text("expanded") : "",
        recipient.has("forwarded") ? recipient.text("forwarded") : "");
  }

  private static Event.Addressed addressed(String name) {
    return List.of(Event.Addressed.values()).stream()
        .filter(addressed -> addressed.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("as: to, cc, bcc or unknown expected"));
  }

  static Map<String, Object> object(Event.JournalReceipt journal) {
    Map<String, Object> object = new TreeMap<>();
    object.put("broken", journal.broken());
    object.put("ordinary", journal.ordinary());
    object.put("pending", journal.pending());
    object.put("reason", Fields.object(journal.reason()));
    object.put("reports", journal.reports());
    return object;
  }

  static Event.JournalReceipt receipt(Fields journal) {
    return new Event.JournalReceipt(
        journal.integer("reports"),
        journal.integer("ordinary"),
        journal.integer("broken"),
        journal.integer("pending"),
        journal.sourceText("reason"));
  }
}
