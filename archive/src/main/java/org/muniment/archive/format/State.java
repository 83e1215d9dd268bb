package org.muniment.archive.format;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.MailboxId;

/// The state frame of a journal: what a writer must know of all that was before, so that opening an
/// archive reads one journal whatever its size.
///
/// @param nextUids the UID that each mailbox gives next
/// @param time of the last event; the next is never before it
public record State(Map<MailboxId, Long> nextUids, Instant time) {

  /// The state of an empty archive.
  public static final State EMPTY = new State(Map.of(), Instant.EPOCH);

  public State {
    nextUids = Map.copyOf(nextUids);
  }

  /// Canonical JSON.
  public byte[] write() {
    List<Map<String, Object>> mailboxes =
        new TreeMap<>(nextUids)
            .entrySet().stream()
                .map(e -> Map.<String, Object>of("id", e.getKey().value(), "uidNext", e.getValue()))
                .toList();
    return CanonicalJson.write(Map.of("mailboxes", mailboxes, "time", time.toEpochMilli()));
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  public static State read(byte[] json) {
    Map<String, Object> state = CanonicalJson.read(json);
    if (!(state.get("mailboxes") instanceof List<?> mailboxes)
        || !(state.get("time") instanceof Long time)) {
      throw new IllegalArgumentException("mailboxes and time are expected in a state frame");
    }
    Map<MailboxId, Long> nextUids = new TreeMap<>();
    for (Object mailbox : mailboxes) {
      if (!(mailbox instanceof Map<?, ?> members)
          || !(members.get("id") instanceof String id)
          || !(members.get("uidNext") instanceof Long uidNext)) {
        throw new IllegalArgumentException("id and uidNext are expected of a mailbox");
      }
      nextUids.put(new MailboxId(id), uidNext);
    }
    return new State(nextUids, Instant.ofEpochMilli(time));
  }
}
