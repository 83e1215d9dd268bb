package org.muniment.indexer.search;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.TermQuery;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.MessageSets.Scope;
import org.muniment.indexer.index.Fields;

/// From the tree of a query to a query of Lucene, as one caller sees the archive: accounts,
/// mailboxes and flags are those of places that the caller may see.
final class QueryCompiler {

  private final Catalogue catalogue;
  private final Transmitted transmitted;
  private final Set<AccountName> visible;
  private final Instant now;

  /// @param searcher of the index that is searched
  /// @param visible the accounts that the caller may see
  QueryCompiler(
      Catalogue catalogue, IndexSearcher searcher, Set<AccountName> visible, Instant now) {
    this.catalogue = catalogue;
    this.transmitted = new Transmitted(searcher, visible);
    this.visible = visible;
    this.now = now;
  }

  /// The documents that match and that the caller may see.
  org.apache.lucene.search.Query compile(Query query) throws IOException {
    Set<Scope> scopes =
        visible.stream().map(Scope.Account::new).collect(Collectors.toUnmodifiableSet());
    return new BooleanQuery.Builder()
        .add(clause(query).orElse(MatchNoDocsQuery.INSTANCE), Occur.MUST)
        .add(numbers(scopes), Occur.FILTER)
        .build();
  }

  /// @return empty for what says nothing, such as a word of punctuation only
  private Optional<org.apache.lucene.search.Query> clause(Query query) throws IOException {
    return switch (query) {
      case Query.All all -> Optional.of(MatchAllDocsQuery.INSTANCE);
      case Query.And(List<Query> clauses) -> join(clauses, Occur.MUST);
      case Query.Or(List<Query> clauses) -> join(clauses, Occur.SHOULD);
      case Query.Not(Query clause) -> clause(clause).map(QueryCompiler::not);
      case Query.Status(String status) -> Optional.of(status(status));
      case Query.Words words -> words(words);
      case Query.Type(String type) -> Optional.of(keyword(Fields.TYPE, type));
      case Query.Id(String id) -> Optional.of(id(id));
      case Query.InAccount(String account) -> Optional.of(account(account));
      case Query.InMailbox(String mailbox) -> Optional.of(mailbox(mailbox));
      case Query.Flagged(String flag) -> Optional.of(flagged(flag));
      case Query.HasAttachment has -> Optional.of(keyword(Fields.HAS, "attachment"));
      case Query.Size(long from, long to) ->
          Optional.of(LongPoint.newRangeQuery(Fields.SIZE, from, to));
      case Query.Received(Instant from, Instant to) -> Optional.of(received(from, to));
      case Query.Older(java.time.Duration age) ->
          Optional.of(received(Instant.MIN, now.minus(age).plusSeconds(1)));
      case Query.Newer(java.time.Duration age) ->
          Optional.of(received(now.minus(age).plusSeconds(1), Instant.MAX));
    };
  }

  private Optional<org.apache.lucene.search.Query> join(List<Query> clauses, Occur occur)
      throws IOException {
    List<org.apache.lucene.search.Query> queries = new ArrayList<>();
    for (Query clause : clauses) {
      clause(clause).ifPresent(queries::add);
    }
    return joined(queries, occur);
  }

  private static Optional<org.apache.lucene.search.Query> joined(
      List<org.apache.lucene.search.Query> queries, Occur occur) {
    if (queries.size() <= 1) {
      return queries.stream().findFirst();
    }
    BooleanQuery.Builder joined = new BooleanQuery.Builder();
    queries.forEach(query -> joined.add(query, occur));
    return Optional.of(joined.build());
  }

  private static org.apache.lucene.search.Query not(org.apache.lucene.search.Query query) {
    return new BooleanQuery.Builder()
        .add(MatchAllDocsQuery.INSTANCE, Occur.MUST)
        .add(query, Occur.MUST_NOT)
        .build();
  }

  private Optional<org.apache.lucene.search.Query> words(Query.Words words) throws IOException {
    List<org.apache.lucene.search.Query> anywhere =
        new ArrayList<>(words(words, words.field().fields(), words.field().isAddress()));
    Optional<org.apache.lucene.search.Query> sent =
        joined(words(words, words.field().transmissionFields(), true), Occur.SHOULD);
    if (sent.isPresent()) {
      anywhere.add(transmitted.messages(sent.get()));
    }
    return joined(anywhere, Occur.SHOULD);
  }

  private static List<org.apache.lucene.search.Query> words(
      Query.Words words, List<String> fields, boolean addresses) {
    List<org.apache.lucene.search.Query> anywhere = new ArrayList<>();
    for (String field : fields) {
      WordsQuery.of(field, words.text(), words.prefix()).ifPresent(anywhere::add);
      if (addresses) {
        anywhere.add(keyword(Fields.address(field), domain(words.text())));
      }
    }
    return anywhere;
  }

  private org.apache.lucene.search.Query status(String status) throws IOException {
    org.apache.lucene.search.Query keyword = keyword(Fields.STATUS, status);
    return new BooleanQuery.Builder()
        .add(keyword, Occur.SHOULD)
        .add(transmitted.messages(keyword), Occur.SHOULD)
        .build();
  }

  private static String domain(String text) {
    return text.startsWith("@") ? text.substring(1) : text;
  }

  private static org.apache.lucene.search.Query keyword(String field, String value) {
    return new TermQuery(new Term(field, Fields.keyword(value)));
  }

  private static org.apache.lucene.search.Query id(String id) {
    boolean content =
        id.length() == 2 * ContentId.LENGTH
            && id.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    String bare = id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
    return keyword(content ? Fields.CONTENT : Fields.MESSAGE_ID, bare);
  }

  private org.apache.lucene.search.Query account(String name) {
    return numbers(
        visible.stream()
            .filter(account -> account.value().equalsIgnoreCase(name))
            .map(Scope.Account::new)
            .collect(Collectors.toUnmodifiableSet()));
  }

  private org.apache.lucene.search.Query mailbox(String name) {
    return numbers(
        catalogue.mailboxes().of(visible).stream()
            .filter(mailbox -> isNamed(mailbox, name))
            .map(mailbox -> new Scope.InMailbox(mailbox.number()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static boolean isNamed(Mailbox mailbox, String name) {
    List<String> path = mailbox.path();
    return name.equalsIgnoreCase(String.join("/", path))
        || name.equalsIgnoreCase(path.getLast())
        || name.equals(mailbox.id().value());
  }

  private org.apache.lucene.search.Query flagged(String flag) {
    return numbers(
        visible.stream()
            .map(account -> new Scope.Flagged(account, flag))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private org.apache.lucene.search.Query numbers(Set<? extends Scope> scopes) {
    BitSet numbers = catalogue.sets().union(scopes);
    return numbers.isEmpty() ? MatchNoDocsQuery.INSTANCE : new NumbersQuery(numbers);
  }

  private static org.apache.lucene.search.Query received(Instant from, Instant to) {
    long first = from.equals(Instant.MIN) ? Long.MIN_VALUE : from.getEpochSecond();
    long last = to.equals(Instant.MAX) ? Long.MAX_VALUE : to.getEpochSecond() - 1;
    return LongPoint.newRangeQuery(Fields.RECEIVED, first, last);
  }
}
