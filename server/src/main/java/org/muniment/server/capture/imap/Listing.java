package org.muniment.server.capture.imap;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;

/// The mailboxes of a server, put together from its LIST, LSUB and STATUS responses (RFC 9051
/// section 7.3, RFC 3501 section 7.2.3, RFC 5819) in whatever order they come. Those that cannot be
/// opened are left out.
final class Listing {

  /// Name attributes that change with use, or that say the mailbox cannot be opened.
  private static final Set<String> PASSING =
      Set.of("\\marked", "\\unmarked", "\\haschildren", "\\hasnochildren", "\\subscribed");

  private static final Set<String> UNSELECTABLE = Set.of("\\noselect", "\\nonexistent");

  private static final String SUBSCRIBED = "\\Subscribed";

  /// Octets of names and attributes, and what it takes to keep a mailbox.
  private static final long MAX_LISTED = 16 << 20;

  private static final int KEPT_PER_MAILBOX = 200;

  private final Map<String, Named> mailboxes = new LinkedHashMap<>();
  private final Set<String> subscribed = new HashSet<>();
  private final Map<String, Status> statuses = new HashMap<>();
  private long kept;

  /// Takes a response of any kind.
  ///
  /// @throws IllegalArgumentException when it is not of the grammar, or when there are more than
  ///   can be kept in memory
  void accept(IMAPResponse line) {
    if (line.keyEquals("LIST")) {
      list(line);
    } else if (line.keyEquals("LSUB")) {
      line.readSimpleList();
      line.readByteArray();
      subscribed.add(keep(name(line)));
    } else if (line.keyEquals("STATUS")) {
      statuses.merge(keep(name(line)), Status.read(line), Status::and);
    }
  }

  /// The mailboxes in the order of their first LIST response.
  List<Source.Mailbox> mailboxes() {
    return mailboxes.entrySet().stream()
        .map(entry -> mailbox(entry.getKey(), entry.getValue()))
        .toList();
  }

  private Source.Mailbox mailbox(String name, Named named) {
    Status status = statuses.get(name);
    return new Source.Mailbox(
        ModifiedUtf7.name(name.getBytes(StandardCharsets.ISO_8859_1)),
        named.delimiter,
        named.attributes,
        named.subscribed || subscribed.contains(name),
        status == null ? "" : status.mailboxId(),
        status == null ? null : status.state());
  }

  /// `"LIST" SP "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox`
  private void list(IMAPResponse line) {
    Set<String> attributes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    String[] listed = line.readSimpleList();
    attributes.addAll(listed == null ? List.of() : List.of(listed));
    ByteArray delimiter = line.readByteArray();
    String name = name(line);
    if (!name.isEmpty()
        && attributes.stream().noneMatch(a -> UNSELECTABLE.contains(a.toLowerCase(Locale.ROOT)))) {
      boolean isSubscribed = attributes.contains(SUBSCRIBED);
      attributes.removeIf(a -> PASSING.contains(a.toLowerCase(Locale.ROOT)));
      attributes.forEach(this::keep);
      mailboxes.putIfAbsent(
          keep(name),
          new Named(
              delimiter == null
                  ? ""
                  : new String(delimiter.getNewBytes(), StandardCharsets.ISO_8859_1),
              Set.copyOf(attributes),
              isSubscribed));
    }
  }

  /// The octets of a name, one character each: UTF8=ACCEPT is never enabled.
  private static String name(IMAPResponse line) {
    line.skipSpaces();
    byte first = line.peekByte();
    String name = first == '"' || first == '{' ? string(line) : bare(line);
    // RFC 9051 section 5.1: INBOX is the same in any case.
    return name.equalsIgnoreCase("INBOX") ? "INBOX" : name;
  }

  private static String string(IMAPResponse line) {
    ByteArray octets = line.readByteArray();
    if (octets == null) {
      throw new IllegalArgumentException("a mailbox name that does not end");
    }
    return new String(octets.getNewBytes(), StandardCharsets.ISO_8859_1);
  }

  /// Everything up to a list or the end: some servers do not quote names that are no atoms, and the
  /// first word of such a name would be another mailbox.
  private static String bare(IMAPResponse line) {
    StringBuilder name = new StringBuilder();
    for (int b = line.readByte(); b != 0; b = line.readByte()) {
      if (b == ' ' && line.peekByte() == '(') {
        break;
      }
      name.append((char) (b & 0xFF));
    }
    return name.toString().stripTrailing();
  }

  private String keep(String text) {
    kept += KEPT_PER_MAILBOX + text.length();
    if (kept > MAX_LISTED) {
      throw new IllegalArgumentException("more mailboxes than can be kept in memory");
    }
    return text;
  }

  private record Named(String delimiter, Set<String> attributes, boolean subscribed) {}

  /// `"STATUS" SP mailbox SP "(" [status-att-list] ")"`
  ///
  /// @param mailboxId `""` for none
  /// @param state null when a number is missing that the state needs, or cannot be
  private record Status(String mailboxId, Source.@Nullable State state) {

    private static final int MAX_ITEMS = 100;

    static Status read(IMAPResponse line) {
      if (!line.isNextNonSpace('(')) {
        throw new IllegalArgumentException("a STATUS response without its list");
      }
      Map<String, Long> numbers = new HashMap<>();
      String mailboxId = "";
      for (int items = 0; !line.isNextNonSpace(')'); items++) {
        String item = line.readAtom();
        if (item == null || item.isEmpty() || items == MAX_ITEMS) {
          throw new IllegalArgumentException("a STATUS response that does not end");
        }
        if (item.equalsIgnoreCase("MAILBOXID")) {
          mailboxId = objectId(line);
        } else {
          numbers.put(item.toUpperCase(Locale.ROOT), line.readLong());
        }
      }
      return new Status(mailboxId, state(numbers));
    }

    /// `"(" objectid ")"`; other octets are none.
    private static String objectId(IMAPResponse line) {
      String[] id = line.readSimpleList();
      return id != null && id.length == 1 && ObjectId.isOf(id[0]) ? id[0] : "";
    }

    /// What this one and a later one say together.
    Status and(Status later) {
      return new Status(
          later.mailboxId.isEmpty() ? mailboxId : later.mailboxId,
          later.state == null ? state : later.state);
    }

    private static Source.@Nullable State state(Map<String, Long> numbers) {
      Long uidValidity = numbers.get("UIDVALIDITY");
      Long messages = numbers.get("MESSAGES");
      return uidValidity == null || uidValidity < 0 || uidValidity > Uid.MAX || messages == null
          ? null
          : new Source.State(
              new UidValidity(uidValidity),
              Math.max(0, numbers.getOrDefault("UIDNEXT", 0L)),
              messages,
              Math.max(0, numbers.getOrDefault("HIGHESTMODSEQ", 0L)));
    }
  }
}
