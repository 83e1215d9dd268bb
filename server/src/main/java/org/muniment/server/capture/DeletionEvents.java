package org.muniment.server.capture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;

/// What the log says of mail that is deleted at the source.
final class DeletionEvents {

  private DeletionEvents() {}

  /// One event for each generation of UIDs that the messages have at the source; none for no
  /// messages.
  static List<Event.DeletedAtSource> of(
      AccountName account,
      MailboxId mailbox,
      Collection<SourceProgress.Deletable> messages,
      Event.Deletion outcome) {
    SortedMap<Long, Uids> generations = new TreeMap<>();
    for (SourceProgress.Deletable message : messages) {
      switch (message.source()) {
        case Event.SourceUid source -> {
          Uids uids =
              generations.computeIfAbsent(source.uidValidity().value(), value -> new Uids());
          uids.source.accept(source.uid().value());
          uids.view.accept(message.uid().value());
        }
        case Event.Uidl _, Event.ImportedFrom _ ->
            generations.computeIfAbsent(0L, value -> new Uids()).view.accept(message.uid().value());
      }
    }
    List<Event.DeletedAtSource> events = new ArrayList<>();
    generations.forEach(
        (uidValidity, uids) ->
            events.add(
                new Event.DeletedAtSource(
                    account,
                    mailbox,
                    new UidValidity(uidValidity),
                    uids.source.build(),
                    uids.view.build(),
                    outcome)));
    return events;
  }

  /// The same messages at the source and in the view.
  private static final class Uids {
    private final UidRanges.Builder source = new UidRanges.Builder();
    private final UidRanges.Builder view = new UidRanges.Builder();
  }
}
