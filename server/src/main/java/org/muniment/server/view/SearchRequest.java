package org.muniment.server.view;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.search.Facet;
import org.muniment.indexer.search.SortOrder;

/// A search.
///
/// @param query in the query language; empty matches everything
/// @param limit most hits to answer, 1 to 500
/// @param cursor [SearchPage#next()] of the page before, null for the first page
/// @param sort order of the hits
/// @param zone of the person's calendar: when a day begins
/// @param facets what to count over all hits
/// @param snippets whether to read the first [#MAX_SNIPPETS] hits for [SearchPage.Hit#snippets()]
public record SearchRequest(
    String query,
    int limit,
    @Nullable String cursor,
    SortOrder sort,
    ZoneId zone,
    Set<Facet> facets,
    boolean snippets) {

  /// Hits of a page that come with snippets: each is read for them.
  public static final int MAX_SNIPPETS = 50;

  public SearchRequest {
    facets = Set.copyOf(facets);
  }

  /// One in UTC, with snippets and without facets.
  public SearchRequest(String query, int limit, @Nullable String cursor, SortOrder sort) {
    this(query, limit, cursor, sort, ZoneOffset.UTC, Set.of(), true);
  }
}
