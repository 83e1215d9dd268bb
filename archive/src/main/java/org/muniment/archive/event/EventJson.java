package org.muniment.archive.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Events as canonical JSON ([CanonicalJson]), each with `type` and `v`. A reader skips fields that
/// it does not know, and keeps events of a type or version that it does not know as
/// [Event.Unknown].
public final class EventJson {

  private static final String MAILBOX = "mailbox";
  private static final String PLACEMENT = "placement";
  private static final String RECOVERY = "recovery";
  private static final String SEAL = "seal";
  static final int VERSION = 1;

  /// A leaf repeats the type, and a leaf is short.
  private static final int LONGEST_TYPE = 32;

  private EventJson() {}

  /// The type name of an event, which its leaf repeats.
  public static String type(Event event) {
    return switch (event) {
      case Event.MailboxCreated mailbox -> MAILBOX;
      case Event.Placement placement -> PLACEMENT;
      case Event.Observation observation -> ObservationJson.type(observation);
      case Event.Recovery recovery -> RECOVERY;
      case Event.Seal seal -> SEAL;
      case Event.Unknown unknown -> unknown.type();
    };
  }

  /// Whether a writer must understand events of this type, in whatever version: they say which UIDs
  /// were given and what was sealed. No other type ever does.
  public static boolean changesState(String type) {
    return type.equals(MAILBOX) || type.equals(PLACEMENT) || type.equals(SEAL);
  }

  /// The octets of an event.
  public static byte[] write(Event event) {
    return switch (event) {
      case Event.MailboxCreated mailbox -> CanonicalJson.write(object(mailbox));
      case Event.Placement placement -> CanonicalJson.write(object(placement));
      case Event.Observation observation ->
          CanonicalJson.write(ObservationJson.object(observation));
      case Event.Recovery recovery -> CanonicalJson.write(object(recovery));
      case Event.Seal seal -> CanonicalJson.write(object(seal));
      case Event.Unknown unknown -> unknown.json().getBytes(StandardCharsets.UTF_8);
    };
  }

  /// Reads an event.
  ///
  /// @throws IllegalArgumentException when the octets are no event: not JSON, without type or
  ///   version, or a known type and version without what belongs to it
  public static Event read(byte[] octets) {
    try {
      return event(octets);
    } catch (ArithmeticException | ClassCastException | DateTimeException e) {
      throw new IllegalArgumentException("no event: " + e.getMessage(), e);
    }
  }

  private static Event event(byte[] octets) {
    Fields event = new Fields(CanonicalJson.read(octets));
    String type = event.text("type");
    int version = Math.toIntExact(event.integer("v"));
    if (type.isEmpty()
        || type.length() > LONGEST_TYPE
        || !type.chars().allMatch(EventJson::names)) {
      throw new IllegalArgumentException("a type of 1 to 32 of a-z, 0-9 and - is expected");
    }
    if (version < 1) {
      throw new IllegalArgumentException("a version from 1 is expected, not " + version);
    }
    return switch (version == VERSION ? type : "") {
      case MAILBOX -> mailbox(event);
      case PLACEMENT -> placement(event);
      case ObservationJson.POLL -> ObservationJson.poll(event);
      case ObservationJson.OBSERVE -> ObservationJson.observed(event);
      case ObservationJson.OBSERVE_MAILBOX -> ObservationJson.mailbox(event);
      case ObservationJson.MATCH -> ObservationJson.matched(event);
      case ObservationJson.COMPARE -> ObservationJson.compared(event);
      case ObservationJson.DELETE_AT_SOURCE -> ObservationJson.deletedAtSource(event);
      case UnwrapJson.UNWRAP -> UnwrapJson.unwrapped(event);
      case RECOVERY -> recovery(event);
      case SEAL -> seal(event);
      default -> new Event.Unknown(type, version, new String(octets, StandardCharsets.UTF_8));
    };
  }

  private static boolean names(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }

  private static Map<String, Object> object(Event.MailboxCreated mailbox) {
    Map<String, Object> object = Fields.event(MAILBOX);
    object.put("account", mailbox.account().value());
    object.put("attributes", mailbox.attributes().stream().sorted().toList());
    object.put("delimiter", mailbox.delimiter());
    object.put("id", mailbox.id().value());
    object.put("name", Fields.object(mailbox.name()));
    object.put("uidValidity", mailbox.uidValidity().value());
    return object;
  }

  private static Event mailbox(Fields event) {
    return new Event.MailboxCreated(
        event.account(),
        new MailboxId(event.text("id")),
        event.sourceText("name"),
        event.text("delimiter"),
        Set.copyOf(event.texts("attributes")),
        new UidValidity(event.integer("uidValidity")));
  }

  private static Map<String, Object> object(Event.Placement placement) {
    Map<String, Object> object = Fields.event(PLACEMENT);
    object.put("account", placement.account().value());
    object.put("content", placement.content().toString());
    object.put("flags", Fields.objects(placement.flags()));
    object.put("internalDate", Times.format(placement.internalDate()));
    object.put("length", Fields.number(placement.length()));
    object.put("mailbox", placement.mailbox().value());
    object.put(
        "provenance",
        Map.of(
            "host", placement.provenance().host(),
            "protocol", placement.provenance().protocol(),
            "user", placement.provenance().user()));
    object.put("source", object(placement.source()));
    object.put("uid", placement.uid().value());
    return object;
  }

  private static Event placement(Fields event) {
    Fields provenance = event.object("provenance");
    return new Event.Placement(
        event.account(),
        new MailboxId(event.text("mailbox")),
        ContentId.parse(event.text("content")),
        event.number("length"),
        sourceId(event.object("source")),
        new Uid(event.integer("uid")),
        Instant.parse(event.text("internalDate")),
        event.sourceTexts("flags"),
        new Event.Provenance(
            provenance.text("protocol"), provenance.text("host"), provenance.text("user")));
  }

  static Map<String, Object> object(Event.SourceId source) {
    return switch (source) {
      case Event.SourceUid uid -> object(uid);
      case Event.Uidl(SourceText uniqueId) -> Map.of("uidl", Fields.object(uniqueId));
      case Event.ImportedFrom(String format, SourceText path, boolean synthetic) ->
          Map.of("format", format, "path", Fields.object(path), "synthetic", synthetic);
    };
  }

  private static Map<String, Object> object(Event.SourceUid source) {
    Map<String, Object> object = new TreeMap<>();
    object.put("uid", source.uid().value());
    object.put("uidValidity", source.uidValidity().value());
    Event.OwnId ownId = source.ownId();
    if (ownId != null) {
      object.put("ownId", Map.of("kind", ownId.kind(), "value", ownId.value()));
    }
    if (source.matched()) {
      object.put("matched", true);
    }
    return object;
  }

  static Event.SourceId sourceId(Fields source) {
    if (source.has("uidl")) {
      return new Event.Uidl(source.sourceText("uidl"));
    }
    return source.has("format")
        ? new Event.ImportedFrom(
            source.text("format"), source.sourceText("path"), source.truth("synthetic"))
        : new Event.SourceUid(
            new UidValidity(source.integer("uidValidity")),
            new Uid(source.integer("uid")),
            source.has("ownId") ? ownId(source.object("ownId")) : null,
            source.has("matched") && source.truth("matched"));
  }

  private static Event.OwnId ownId(Fields id) {
    return new Event.OwnId(id.text("kind"), id.text("value"));
  }

  private static Map<String, Object> object(Event.Recovery recovery) {
    Map<String, Object> object = Fields.event(RECOVERY);
    object.put("journal", recovery.journal());
    object.put("length", Fields.number(recovery.length()));
    object.put("offset", Fields.number(recovery.offset()));
    object.put("sha256", recovery.sha256());
    return object;
  }

  private static Event recovery(Fields event) {
    return new Event.Recovery(
        event.text("journal"),
        event.number("offset"),
        event.number("length"),
        event.text("sha256"));
  }

  private static Map<String, Object> object(Event.Seal seal) {
    Map<String, Object> object = Fields.event(SEAL);
    object.put("endLeaf", Fields.number(seal.endLeaf()));
    object.put("firstJournal", Fields.number(seal.firstJournal()));
    object.put("firstLeaf", Fields.number(seal.firstLeaf()));
    object.put("lastJournal", Fields.number(seal.lastJournal()));
    object.put("mailboxes", seal.mailboxes().stream().sorted().map(MailboxState::fields).toList());
    object.put("segments", seal.segments().stream().map(EventJson::object).toList());
    return object;
  }

  private static Map<String, Object> object(Event.SealedSegment segment) {
    Map<String, Object> object = new TreeMap<>();
    object.put("events", Fields.number(segment.events()));
    object.put("expires", (long) segment.expires());
    object.put("length", Fields.number(segment.length()));
    object.put("messages", Fields.number(segment.messages()));
    object.put("number", Fields.number(segment.number()));
    object.put("parts", Fields.number(segment.parts()));
    object.put("retention", segment.retention());
    object.put("sha256", segment.sha256().toString());
    return object;
  }

  private static Event seal(Fields event) {
    return new Event.Seal(
        event.number("firstJournal"),
        event.number("lastJournal"),
        event.number("firstLeaf"),
        event.number("endLeaf"),
        event.objects("segments").stream().map(EventJson::segment).toList(),
        event.objects("mailboxes").stream().map(f -> MailboxState.of(f.members())).toList());
  }

  private static Event.SealedSegment segment(Fields segment) {
    return new Event.SealedSegment(
        segment.number("number"),
        segment.text("retention"),
        Math.toIntExact(segment.integer("expires")),
        segment.number("length"),
        ContentId.parse(segment.text("sha256")),
        segment.number("messages"),
        segment.number("parts"),
        segment.number("events"));
  }
}
