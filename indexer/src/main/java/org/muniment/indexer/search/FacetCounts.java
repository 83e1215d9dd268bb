package org.muniment.indexer.search;

import java.util.List;

/// How many of all hits have which value. A hit that has several values counts for each of them.
///
/// @param counts months from the latest on, all others from the most frequent on
/// @param other sum of the hits of the values that are left out
public record FacetCounts(Facet facet, List<Count> counts, long other) {

  public FacetCounts {
    counts = List.copyOf(counts);
  }

  /// A value.
  ///
  /// @param value of a mailbox its id
  /// @param label of the value for people
  /// @param hits number of hits that have it
  /// @param query what finds those that have it: to be joined to the query by AND
  public record Count(String value, String label, long hits, String query) {}
}
