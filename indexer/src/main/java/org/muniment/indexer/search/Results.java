package org.muniment.indexer.search;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Place;

/// One page of hits.
///
/// @param total exact number of messages that match and that the caller may see
/// @param facets those that were asked for, over all hits, in the order of [Facet]
/// @param next cursor of the next page, null on the last
/// @param lag number of log entries that are archived but not yet searchable
/// @param pending number of messages that the caller may see and whose attachments are not read yet
public record Results(
    long total,
    List<Hit> hits,
    List<FacetCounts> facets,
    @Nullable String next,
    long lag,
    int pending) {

  public Results {
    hits = List.copyOf(hits);
    facets = List.copyOf(facets);
  }

  /// A message that matches.
  ///
  /// @param message its INTERNALDATE is that of the first of `places`
  /// @param places those that the caller may see, in order of capture; at least one
  public record Hit(Message message, List<Place> places) {
    public Hit {
      places = List.copyOf(places);
    }
  }
}
