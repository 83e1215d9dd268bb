package org.muniment.indexer.search;

import java.io.IOException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiCollectorManager;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopFieldDocs;
import org.jspecify.annotations.Nullable;

/// A page of what Lucene finds, found in one pass over all hits. What it holds does not grow with
/// the number of hits, nor with the number of the page.
///
/// @param total exact number of hits
/// @param numbers of the messages, in order
/// @param last the last of them where there are more, else null
/// @param counted what the facets are made of
record HitPage(long total, List<Integer> numbers, @Nullable FieldDoc last, HitCounter counted) {

  HitPage {
    numbers = List.copyOf(numbers);
  }

  /// @param after the last hit of the page before, null for the first page
  static HitPage of(
      IndexSearcher searcher,
      Query query,
      SortOrder order,
      int limit,
      @Nullable FieldDoc after,
      Set<Facet> facets,
      ZoneId zone)
      throws IOException {
    var top = new TopFieldCollectorManager(order.sort(), limit + 1, after, Integer.MAX_VALUE);
    if (facets.isEmpty()) {
      return of(searcher.search(query, top), limit, new HitCounter(facets, zone));
    }
    Object[] found =
        searcher.search(query, new MultiCollectorManager(top, new Counters(facets, zone)));
    return of((TopFieldDocs) found[0], limit, (HitCounter) found[1]);
  }

  /// The message numbers of all that a query finds.
  static BitSet numbers(IndexSearcher searcher, Query query) throws IOException {
    return searcher.search(query, new Counters(Set.of(Facet.ACCOUNT), ZoneOffset.UTC)).numbers();
  }

  private static HitPage of(TopFieldDocs found, int limit, HitCounter counted) {
    int shown = Math.min(limit, found.scoreDocs.length);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      FieldDoc hit = (FieldDoc) found.scoreDocs[i];
      numbers.add(((Long) hit.fields[1]).intValue());
    }
    boolean more = found.scoreDocs.length > limit;
    return new HitPage(
        found.totalHits.value(),
        numbers,
        more ? (FieldDoc) found.scoreDocs[shown - 1] : null,
        counted);
  }

  private record Counters(Set<Facet> facets, ZoneId zone)
      implements CollectorManager<HitCounter, HitCounter> {
    @Override
    public HitCounter newCollector() {
      return new HitCounter(facets, zone);
    }

    @Override
    public HitCounter reduce(Collection<HitCounter> counters) {
      return counters.stream().reduce(new HitCounter(facets, zone), HitCounter::add);
    }
  }
}
