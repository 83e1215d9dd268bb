package org.muniment.server.view;

import org.jspecify.annotations.Nullable;

/// A search.
///
/// @param query in the query language; empty matches everything
/// @param limit most hits to answer, 1 to 500
/// @param cursor [SearchPage#next()] of the page before, null for the first page
/// @param sort order of the hits
public record SearchRequest(String query, int limit, @Nullable String cursor, Sort sort) {

  /// Order of hits.
  public enum Sort {
    /// Newest first, by INTERNALDATE of the first capture.
    DATE,
    /// Best match first.
    RELEVANCE
  }
}
