package org.muniment.server.export;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;
import org.muniment.indexer.catalog.Place;

/// Which messages of a mailbox are asked for, page by page.
record Items(Catalogue catalogue, long position, boolean withGone, @Nullable BitSet numbers) {

  /// Takes what is found.
  interface Taker {
    /// @return whether to go on
    boolean take(Past.Then then) throws IOException;
  }

  /// Takes the messages of a mailbox by ascending UID.
  ///
  /// @param after only larger UIDs
  /// @return whether it came to the end
  boolean each(Mailbox mailbox, long after, Taker taker) throws IOException {
    List<Past.Then> page = catalogue.past().rows(mailbox, position, after);
    while (!page.isEmpty()) {
      for (Past.Then then : page) {
        if (isWanted(then) && !taker.take(then)) {
          return false;
        }
      }
      page = catalogue.past().rows(mailbox, position, page.getLast().uid().value());
    }
    return true;
  }

  private boolean isWanted(Past.Then then) {
    return (then.there() || (withGone && !then.moved()))
        && (numbers == null || numbers.get(then.message()));
  }

  /// The places of some messages of a mailbox by their UIDs.
  Map<Uid, Place> places(Mailbox mailbox, List<Past.Then> some) {
    return catalogue.messages().places(mailbox, some.stream().map(Past.Then::uid).toList()).stream()
        .collect(Collectors.toMap(Place::uid, place -> place));
  }

  Mailbox mailbox(Plan.Box box) throws IOException {
    return catalogue
        .mailboxes()
        .find(box.id())
        .orElseThrow(() -> new FileNotFoundException("mailbox " + box.id()));
  }
}
