package org.muniment.indexer.search;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopFieldDocs;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages;
import org.muniment.indexer.catalog.Place;
import org.muniment.indexer.index.SearchIndex;

/// Full-text search over what a caller may see. Safe for use by many threads.
public final class Search {

  /// Most hits on a page.
  public static final int MAX_LIMIT = Messages.MAX_ROWS;

  // One leaf of a query is looked for in each text field, word by word.
  private static final int MAX_LUCENE_CLAUSES = 16 * QueryParser.MAX_LENGTH;

  static {
    IndexSearcher.setMaxClauseCount(MAX_LUCENE_CLAUSES);
  }

  private final Archive archive;
  private final Catalogue catalogue;
  private final SearchIndex index;
  private final Snippets snippets;
  private final Clock clock;

  public Search(Archive archive, Catalogue catalogue, SearchIndex index, Clock clock) {
    this.archive = archive;
    this.catalogue = catalogue;
    this.index = index;
    this.snippets = new Snippets(archive, catalogue.messages());
    this.clock = clock;
  }

  /// One page of hits.
  ///
  /// @param visible accounts that the caller may see: nothing else is found or counted
  /// @param limit most hits to give, 1 to [#MAX_LIMIT]
  /// @param cursor [Results#next()] of the page before, null for the first
  /// @throws IllegalArgumentException when `limit` is out of range, or `cursor` is not of this
  ///   query, order and these accounts
  public Results search(
      Query query, Set<AccountName> visible, SortOrder order, int limit, @Nullable String cursor)
      throws IOException {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit " + limit + " is outside 1 to " + MAX_LIMIT);
    }
    FieldDoc after =
        cursor == null ? null : Cursor.read(cursor, query, order, visible).after(order);
    try (SearchIndex.View view = index.view()) {
      var compiled =
          new QueryCompiler(catalogue, view.searcher(), visible, clock.instant()).compile(query);
      TopFieldDocs found =
          view.searcher()
              .search(
                  compiled,
                  new TopFieldCollectorManager(order.sort(), limit + 1, after, Integer.MAX_VALUE));
      int shown = Math.min(limit, found.scoreDocs.length);
      boolean more = found.scoreDocs.length > limit;
      return new Results(
          found.totalHits.value(),
          hits(numbers(found, shown), visible),
          more
              ? Cursor.of((FieldDoc) found.scoreDocs[shown - 1]).write(query, order, visible)
              : null,
          lag(view));
    }
  }

  /// Passages of the text of a message around the words of a query; the beginning of the text where
  /// the query has none; empty for a message without text. Reads the message.
  public List<Passage> snippet(Query query, Message message) throws IOException {
    return snippets.of(query, message);
  }

  private long lag(SearchIndex.View view) throws IOException {
    return Math.max(0, archive.size() - Math.min(view.position(), catalogue.position()));
  }

  private static List<Integer> numbers(TopFieldDocs found, int shown) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      FieldDoc hit = (FieldDoc) found.scoreDocs[i];
      numbers.add(((Long) hit.fields[1]).intValue());
    }
    return numbers;
  }

  private List<Results.Hit> hits(List<Integer> numbers, Set<AccountName> visible) {
    Map<Integer, Message> messages = catalogue.messages().find(numbers);
    Map<Integer, List<Place>> places = catalogue.messages().places(numbers);
    List<Results.Hit> hits = new ArrayList<>();
    for (int number : numbers) {
      Message message = messages.get(number);
      List<Place> seen =
          places.getOrDefault(number, List.of()).stream()
              .filter(place -> visible.contains(place.mailbox().account()))
              .toList();
      if (message != null && !seen.isEmpty()) {
        hits.add(new Results.Hit(message.receivedAt(seen.getFirst().internalDate()), seen));
      }
    }
    return hits;
  }
}
