package org.muniment.indexer.search;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages;
import org.muniment.indexer.catalog.Place;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.index.SearchIndex;
import org.muniment.indexer.kept.KeptText;

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
  private final SearchedText texts;
  private final Clock clock;

  /// One that knows nothing of attachments but what the index has.
  public Search(Archive archive, Catalogue catalogue, SearchIndex index, Clock clock) {
    this(archive, catalogue, index, null, clock);
  }

  /// @param kept text of attachments, to show passages of it; null for none
  public Search(
      Archive archive,
      Catalogue catalogue,
      SearchIndex index,
      @Nullable KeptText kept,
      Clock clock) {
    this.archive = archive;
    this.catalogue = catalogue;
    this.index = index;
    this.texts = new SearchedText(archive, catalogue.messages(), kept);
    this.clock = clock;
  }

  /// One page of hits.
  ///
  /// @param visible accounts that the caller may see: nothing else is found or counted
  /// @throws IllegalArgumentException when the cursor is not of this query, zone, order and these
  ///   accounts
  public Results search(Question question, Set<AccountName> visible)
      throws IOException, TooBroadException {
    @Nullable Cursor cursor =
        question.cursor() == null ? null : Cursor.read(question.cursor(), question, visible);
    Instant now = cursor == null ? clock.instant() : cursor.now();
    @Nullable FieldDoc after = cursor == null ? null : cursor.after(question.order());
    try (SearchIndex.View view = index.view()) {
      var compiled =
          new QueryCompiler(catalogue, view.searcher(), visible, now, question.zone())
              .compile(question.query());
      HitPage page =
          HitPage.of(
              view.searcher(),
              compiled,
              question.order(),
              question.limit(),
              after,
              question.facets(),
              question.zone());
      FieldDoc last = page.last();
      return new Results(
          page.total(),
          hits(page.numbers(), visible),
          new Facets(catalogue, visible).of(question.facets(), page.counted()),
          last == null ? null : Cursor.of(now, last).write(question, visible),
          lag(view),
          pending(view, visible));
    }
  }

  /// The numbers of all messages that match.
  ///
  /// @param zone when a day begins
  /// @param visible accounts that the caller may see: nothing else is found
  public BitSet numbers(Query query, ZoneId zone, Set<AccountName> visible)
      throws IOException, TooBroadException {
    try (SearchIndex.View view = index.view()) {
      var compiled =
          new QueryCompiler(catalogue, view.searcher(), visible, clock.instant(), zone)
              .compile(query);
      return HitPage.of(
              view.searcher(), compiled, SortOrder.OLDEST, 1, null, Set.of(Facet.ACCOUNT), zone)
          .counted()
          .numbers();
    }
  }

  /// Passages of the texts of messages around the words of a query; the beginning of the text where
  /// the query has none; empty for a message without text. Reads the messages.
  ///
  /// @return for each message, in their order
  public List<List<Snippet>> snippets(Query query, List<Message> messages) throws IOException {
    Snippets snippets;
    try (SearchIndex.View view = index.view()) {
      snippets = Snippets.of(query, new Stems(view.searcher().getIndexReader()));
    }
    List<List<Snippet>> all = new ArrayList<>();
    for (Message message : messages) {
      all.add(snippets.in(texts.of(message)));
    }
    return all;
  }

  /// The conversation that a message belongs to, as far as the caller may see it.
  ///
  /// @param message one that the caller may see
  public Conversation conversation(Message message, Set<AccountName> visible) throws IOException {
    try (SearchIndex.View view = index.view()) {
      var seen = QueryCompiler.visible(catalogue, visible);
      var gathered = new Gathering(view.searcher(), seen, catalogue.messages()).around(message);
      return Conversation.of(
          threads(gathered.members()), byNumber(hits(gathered.numbers(), visible)), gathered.cut());
    }
  }

  /// The earliest of several with one id has it.
  private static List<Threading.Placed> threads(List<Threading.Member> members) {
    return Threading.of(
        members.stream()
            .sorted(
                Comparator.comparing(Threading.Member::date)
                    .thenComparingInt(Threading.Member::number))
            .toList(),
        Threading.Namesakes.APART);
  }

  /// Messages whose text is like that of a message, most alike first. Reads the message.
  ///
  /// @param limit most of them, 1 to [#MAX_LIMIT]
  public List<Results.Hit> similar(Message message, Set<AccountName> visible, int limit)
      throws IOException {
    try (SearchIndex.View view = index.view()) {
      var seen = QueryCompiler.visible(catalogue, visible);
      var likeness = new Likeness(view.searcher(), seen).of(message, texts.of(message));
      HitPage page =
          HitPage.of(
              view.searcher(),
              likeness,
              SortOrder.RELEVANCE,
              limit,
              null,
              Set.of(),
              ZoneOffset.UTC);
      return hits(page.numbers(), visible);
    }
  }

  private long lag(SearchIndex.View view) throws IOException {
    return Math.max(0, archive.size() - Math.min(view.position(), catalogue.position()));
  }

  private int pending(SearchIndex.View view, Set<AccountName> visible) throws IOException {
    return view.searcher()
        .count(
            new BooleanQuery.Builder()
                .add(QueryCompiler.keyword(Fields.STATUS, Fields.PENDING), Occur.FILTER)
                .add(QueryCompiler.visible(catalogue, visible), Occur.FILTER)
                .build());
  }

  private static Map<Integer, Results.Hit> byNumber(Collection<Results.Hit> hits) {
    return hits.stream().collect(Collectors.toMap(hit -> hit.message().number(), hit -> hit));
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
