package org.muniment.indexer.search;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What to search for, and what to tell of it.
///
/// @param zone of the caller's calendar: when a day begins
/// @param limit most hits to give, 1 to [Search#MAX_LIMIT]
/// @param cursor [Results#next()] of the page before, null for the first
/// @param facets what to count over all hits
public record Question(
    Query query,
    ZoneId zone,
    SortOrder order,
    int limit,
    @Nullable String cursor,
    Set<Facet> facets) {

  public Question {
    if (limit < 1 || limit > Search.MAX_LIMIT) {
      throw new IllegalArgumentException("limit " + limit + " is outside 1 to " + Search.MAX_LIMIT);
    }
    facets = Set.copyOf(facets);
  }

  /// One in UTC, without facets.
  public Question(Query query, SortOrder order, int limit, @Nullable String cursor) {
    this(query, ZoneOffset.UTC, order, limit, cursor, Set.of());
  }
}
