package org.muniment.server.view;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.search.Facet;

/// A search.
///
/// @param query in the query language; empty matches everything
/// @param limit most hits to answer, 1 to 500
/// @param cursor [SearchPage#next()] of the page before, null for the first page
/// @param sort order of the hits
/// @param zone of the person's calendar: when a day begins
/// @param facets what to count over all hits
/// @param snippets whether to read each hit for [SearchPage.Hit#snippets()]
public record SearchRequest(
    String query,
    int limit,
    @Nullable String cursor,
    Sort sort,
    ZoneId zone,
    Set<Facet> facets,
    boolean snippets) {

  public SearchRequest {
    facets = Set.copyOf(facets);
  }

  /// One in UTC, with snippets and without facets.
  public SearchRequest(String query, int limit, @Nullable String cursor, Sort sort) {
    this(query, limit, cursor, sort, ZoneOffset.UTC, Set.of(), true);
  }

  /// Order of hits.
  public enum Sort {
    /// Newest first, by INTERNALDATE of the first capture.
    DATE,
    /// Oldest first, by the same.
    OLDEST,
    /// Best match first.
    RELEVANCE
  }
}
