package org.muniment.archive.format;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.MailboxState;

/// The content of a state frame: what a writer must know of all that was before, so that opening an
/// archive reads one journal whatever its size.
///
/// ```
/// state = {"mailboxes": [{"id": , "uidNext": , "uidValidity": }], "sealed": leaf, "time": milliseconds}
/// ```
///
/// @param mailboxes by their id
/// @param time of the last event; the next is never before it
/// @param sealed leaf up to which everything lies in segments that a `seal` event names
public record State(Map<MailboxId, MailboxState> mailboxes, Instant time, long sealed) {

  /// The state of an empty archive.
  public static final State EMPTY = new State(Map.of(), Instant.EPOCH, 0);

  public State {
    mailboxes = Map.copyOf(mailboxes);
  }

  /// Canonical JSON.
  public byte[] write() {
    return CanonicalJson.write(
        Map.of(
            "mailboxes",
            mailboxes.values().stream().sorted().map(MailboxState::fields).toList(),
            "sealed",
            sealed,
            "time",
            time.toEpochMilli()));
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  public static State read(byte[] json) {
    Map<String, Object> state = CanonicalJson.read(json);
    if (!(state.get("mailboxes") instanceof List<?> mailboxes)
        || !(state.get("time") instanceof Long time)
        || !(state.get("sealed") instanceof Long sealed)) {
      throw new IllegalArgumentException("mailboxes, sealed and time are expected in a state");
    }
    List<MailboxState> states = new ArrayList<>();
    for (Object mailbox : mailboxes) {
      states.add(MailboxState.of(mailbox));
    }
    return new State(MailboxState.byId(states), Instant.ofEpochMilli(time), sealed);
  }
}
