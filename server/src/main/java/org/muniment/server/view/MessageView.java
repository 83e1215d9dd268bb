package org.muniment.server.view;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.catalog.Absence;
import org.muniment.indexer.catalog.Unwrapping;
import org.muniment.indexer.mail.Structure;

/// A message with the places it has.
///
/// @param journal what journal mailboxes tell of it
public record MessageView(
    ContentId id, Structure structure, List<Place> places, List<Unwrapping> journal) {

  public MessageView {
    places = List.copyOf(places);
    journal = List.copyOf(journal);
  }

  /// One of which no journal mailbox tells.
  public MessageView(ContentId id, Structure structure, List<Place> places) {
    this(id, structure, places, List.of());
  }

  /// One place of a message.
  ///
  /// @param uid in the IMAP view
  /// @param source where it was at the source
  /// @param capturedAt when it was archived
  /// @param absence null while it is at the source
  /// @param leaf index of its entry in the log
  public record Place(
      MailboxSummary mailbox,
      Uid uid,
      Event.SourceId source,
      Instant internalDate,
      Set<String> flags,
      Event.Provenance provenance,
      Instant capturedAt,
      @Nullable Absence absence,
      long leaf) {
    public Place {
      flags = Set.copyOf(flags);
    }
  }
}
