package org.muniment.server.capture;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;

/// The messages that a run of a POP3 account could not fetch, over all its connections, and those
/// of the run before that have to wait.
final class Pop3Failures {

  private final Map<Event.SourceId, Event.FailedMessage> before = new HashMap<>();
  private final Map<Event.SourceId, Event.FailedMessage> tried = new HashMap<>();
  private final Map<Event.SourceId, SourceText> refused = new HashMap<>();
  private final Map<Event.SourceId, SourceText> refusedNow = new LinkedHashMap<>();
  private final Set<Event.SourceId> lost = new HashSet<>();

  /// @param last what the receipt before says of the mailbox, null when it says nothing
  Pop3Failures(Event.@Nullable MailboxReceipt last) {
    if (last != null) {
      last.failed().forEach(message -> before.put(message.source(), message));
    }
  }

  /// The failure of a message that is listed and is not to be fetched; null when it is.
  Event.@Nullable FailedMessage standing(Event.Uidl message, Instant now) {
    SourceText words = refused.remove(message);
    if (words != null) {
      return failed(message, words, now);
    }
    Event.FailedMessage last = before.get(message);
    return last != null && !Retries.isDue(last, now) ? last : tried.get(message);
  }

  /// The failure of a message in this run, null when it had none.
  Event.@Nullable FailedMessage tried(Event.Uidl message) {
    return tried.get(message);
  }

  /// Records that a message was not to be had.
  Event.FailedMessage failed(Event.Uidl message, SourceText words, Instant now) {
    Event.FailedMessage failure = Retries.failed(message, words, before.get(message), now);
    tried.put(message, failure);
    return failure;
  }

  /// The server refused a message: it has failed if the listing of the next pass has it still.
  void refused(Event.Uidl message, SourceText words) {
    refusedNow.put(message, words);
  }

  /// Another pass begins.
  void next() {
    refused.putAll(refusedNow);
    refusedNow.clear();
  }

  /// Whether this pass was refused something.
  boolean refusedNow() {
    return !refusedNow.isEmpty();
  }

  /// Messages that passes before were refused and that this one, at its end, was not shown.
  int gone() {
    return refused.size();
  }

  /// What this pass was refused has failed.
  List<Event.FailedMessage> giveUp(Instant now) {
    return refusedNow.entrySet().stream()
        .map(
            entry ->
                Retries.failed(entry.getKey(), entry.getValue(), before.get(entry.getKey()), now))
        .toList();
  }

  /// The connection was lost over a message: at the second time the message has failed.
  ///
  /// @return whether it has
  boolean lostOver(Event.Uidl message, SourceText words, Instant now) {
    if (lost.add(message)) {
      return false;
    }
    failed(message, words, now);
    return true;
  }
}
