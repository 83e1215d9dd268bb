package org.muniment.server.view.rest;

import java.util.List;
import java.util.Locale;
import org.muniment.indexer.search.FacetCounts;

/// What hits are counted by.
///
/// @param other sum of the counts of values that are left out
record FacetJson(String facet, List<Value> values, long other) {

  /// A value; its texts are plain, not escaped for any markup.
  ///
  /// @param query what finds those that have it: to be joined to the query by AND
  record Value(String value, String label, long count, String query) {}

  static FacetJson of(FacetCounts counts) {
    return new FacetJson(
        counts.facet().name().toLowerCase(Locale.ROOT),
        counts.counts().stream()
            .map(count -> new Value(count.value(), count.label(), count.hits(), count.query()))
            .toList(),
        counts.other());
  }
}
