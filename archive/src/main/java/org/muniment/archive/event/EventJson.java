package org.muniment.archive.event;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Events as canonical JSON ([CanonicalJson]), each with `type` and `v`. A reader skips fields that
/// it does not know, and keeps events of a type or version that it does not know as
/// [Event.Unknown].
public final class EventJson {

  private static final String MAILBOX = "mailbox";
  private static final String PLACEMENT = "placement";
  private static final String POLL = "poll";
  private static final String RECOVERY = "recovery";
  private static final String SEAL = "seal";
  private static final int VERSION = 1;

  /// A leaf repeats the type, and a leaf is short.
  private static final int LONGEST_TYPE = 32;

  private EventJson() {}

  /// The type name of an event, which its leaf repeats.
  public static String type(Event event) {
    return switch (event) {
      case Event.MailboxCreated mailbox -> MAILBOX;
      case Event.Placement placement -> PLACEMENT;
      case Event.Poll poll -> POLL;
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
      case Event.Poll poll -> CanonicalJson.write(object(poll));
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
      case POLL -> poll(event);
      case RECOVERY -> recovery(event);
      case SEAL -> seal(event);
      default -> new Event.Unknown(type, version, new String(octets, StandardCharsets.UTF_8));
    };
  }

  private static boolean names(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }

  private static Map<String, Object> event(String type) {
    Map<String, Object> object = new TreeMap<>();
    object.put("type", type);
    object.put("v", (long) VERSION);
    return object;
  }

  private static Map<String, Object> object(Event.MailboxCreated mailbox) {
    Map<String, Object> object = event(MAILBOX);
    object.put("account", mailbox.account().value());
    object.put("attributes", mailbox.attributes().stream().sorted().toList());
    object.put("delimiter", mailbox.delimiter());
    object.put("id", mailbox.id().value());
    object.put("name", object(mailbox.name()));
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
    Map<String, Object> object = event(PLACEMENT);
    object.put("account", placement.account().value());
    object.put("content", placement.content().toString());
    object.put("flags", objects(placement.flags()));
    object.put("internalDate", Times.format(placement.internalDate()));
    object.put("length", number(placement.length()));
    object.put("mailbox", placement.mailbox().value());
    object.put(
        "provenance",
        Map.of(
            "host", placement.provenance().host(),
            "protocol", placement.provenance().protocol(),
            "user", placement.provenance().user()));
    object.put(
        "source",
        Map.of(
            "uid", placement.source().uid().value(),
            "uidValidity", placement.source().uidValidity().value()));
    object.put("uid", placement.uid().value());
    return object;
  }

  private static Event placement(Fields event) {
    Fields source = event.object("source");
    Fields provenance = event.object("provenance");
    return new Event.Placement(
        event.account(),
        new MailboxId(event.text("mailbox")),
        ContentId.parse(event.text("content")),
        event.number("length"),
        new Event.SourceUid(
            new UidValidity(source.integer("uidValidity")), new Uid(source.integer("uid"))),
        new Uid(event.integer("uid")),
        Instant.parse(event.text("internalDate")),
        event.objects("flags").stream().map(Fields::sourceText).collect(Collectors.toSet()),
        new Event.Provenance(
            provenance.text("protocol"), provenance.text("host"), provenance.text("user")));
  }

  private static Map<String, Object> object(Event.Poll poll) {
    Map<String, Object> object = event(POLL);
    object.put("account", poll.account().value());
    object.put("excluded", poll.excluded().stream().map(EventJson::object).toList());
    object.put("failure", object(poll.failure()));
    object.put("mailboxes", poll.mailboxes().stream().map(EventJson::object).toList());
    object.put("started", Times.format(poll.started()));
    object.put("unchanged", number(poll.unchanged()));
    return object;
  }

  private static Map<String, Object> object(Event.MailboxReceipt receipt) {
    Map<String, Object> object = new TreeMap<>();
    object.put("added", receipt.added());
    object.put("archived", receipt.archived());
    object.put("excluded", receipt.excluded());
    object.put(
        "failed",
        receipt.failed().stream()
            .map(f -> Map.of("reason", object(f.reason()), "uid", f.uid().value()))
            .toList());
    object.put("failure", object(receipt.failure()));
    object.put("listed", receipt.listed());
    object.put("mailbox", receipt.mailbox().value());
    object.put("uidValidity", receipt.uidValidity().value());
    object.put("vanished", receipt.vanished());
    return object;
  }

  private static Event poll(Fields event) {
    return new Event.Poll(
        event.account(),
        Instant.parse(event.text("started")),
        event.objects("mailboxes").stream().map(EventJson::receipt).toList(),
        // Receipts of before these two were thought of have neither.
        event.has("excluded")
            ? event.objects("excluded").stream().map(Fields::sourceText).toList()
            : List.of(),
        event.sourceText("failure"),
        event.has("unchanged") ? event.number("unchanged") : 0);
  }

  private static Event.MailboxReceipt receipt(Fields receipt) {
    return new Event.MailboxReceipt(
        new MailboxId(receipt.text("mailbox")),
        new UidValidity(receipt.integer("uidValidity")),
        receipt.integer("listed"),
        receipt.integer("archived"),
        receipt.integer("added"),
        receipt.integer("excluded"),
        receipt.integer("vanished"),
        receipt.objects("failed").stream()
            .map(f -> new Event.FailedUid(new Uid(f.integer("uid")), f.sourceText("reason")))
            .toList(),
        receipt.sourceText("failure"));
  }

  private static Map<String, Object> object(Event.Recovery recovery) {
    Map<String, Object> object = event(RECOVERY);
    object.put("journal", recovery.journal());
    object.put("length", number(recovery.length()));
    object.put("offset", number(recovery.offset()));
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
    Map<String, Object> object = event(SEAL);
    object.put("endLeaf", number(seal.endLeaf()));
    object.put("firstJournal", number(seal.firstJournal()));
    object.put("firstLeaf", number(seal.firstLeaf()));
    object.put("lastJournal", number(seal.lastJournal()));
    object.put("mailboxes", seal.mailboxes().stream().sorted().map(MailboxState::fields).toList());
    object.put("segments", seal.segments().stream().map(EventJson::object).toList());
    return object;
  }

  private static Map<String, Object> object(Event.SealedSegment segment) {
    Map<String, Object> object = new TreeMap<>();
    object.put("events", number(segment.events()));
    object.put("expires", (long) segment.expires());
    object.put("length", number(segment.length()));
    object.put("messages", number(segment.messages()));
    object.put("number", number(segment.number()));
    object.put("parts", number(segment.parts()));
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

  private static List<Object> objects(Set<SourceText> texts) {
    return texts.stream()
        .sorted(Comparator.comparing(SourceText::octets))
        .<Object>map(EventJson::object)
        .toList();
  }

  private static Map<String, Object> object(SourceText text) {
    return Map.of(
        "display", text.display(), "octets", Base64.getEncoder().encodeToString(text.bytes()));
  }

  private static Object number(long value) {
    return value > CanonicalJson.MAX_INTEGER ? Long.toString(value) : (Object) value;
  }

  /// The members of a JSON object, read with a type that is expected.
  private record Fields(Map<String, Object> members) {

    private <T> T member(String name, Class<T> type) {
      Object value = members.get(name);
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(
            "member \"" + name + "\": a " + type.getSimpleName() + " is expected");
      }
      return type.cast(value);
    }

    boolean has(String name) {
      return members.containsKey(name);
    }

    String text(String name) {
      return member(name, String.class);
    }

    long integer(String name) {
      return member(name, Long.class);
    }

    long number(String name) {
      return members.get(name) instanceof String digits ? Long.parseLong(digits) : integer(name);
    }

    @SuppressWarnings("unchecked")
    Fields object(String name) {
      return new Fields((Map<String, Object>) member(name, Map.class));
    }

    @SuppressWarnings("unchecked")
    List<Fields> objects(String name) {
      return ((List<Map<String, Object>>) member(name, List.class))
          .stream().map(Fields::new).toList();
    }

    @SuppressWarnings("unchecked")
    List<String> texts(String name) {
      return ((List<Object>) member(name, List.class)).stream().map(String.class::cast).toList();
    }

    AccountName account() {
      return new AccountName(text("account"));
    }

    SourceText sourceText(String name) {
      return object(name).sourceText();
    }

    SourceText sourceText() {
      byte[] octets = Base64.getDecoder().decode(text("octets"));
      return new SourceText(new String(octets, StandardCharsets.ISO_8859_1), text("display"));
    }
  }
}
