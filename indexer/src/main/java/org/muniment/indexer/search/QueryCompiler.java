package org.muniment.indexer.search;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
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
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.MessageSets.Scope;
import org.muniment.indexer.index.Fields;

/// From the tree of a query to a query of Lucene, as one caller sees the archive: accounts,
/// mailboxes and flags are those of places that the caller may see.
final class QueryCompiler {

  /// How much more than in the text a word counts in the subject.
  private static final float SUBJECT_WEIGHT = 4;

  /// How much more than in the text a word counts in the sender and in names of files.
  private static final float NAME_WEIGHT = 2;

  private final Catalogue catalogue;
  private final Transmitted transmitted;
  private final Beginnings beginnings;
  private final Stems stems;
  private final Set<AccountName> visible;
  private final Instant now;
  private final ZoneId zone;

  /// @param searcher of the index that is searched
  /// @param visible the accounts that the caller may see
  /// @param now where ages end; its day in `zone` is today
  QueryCompiler(
      Catalogue catalogue,
      IndexSearcher searcher,
      Set<AccountName> visible,
      Instant now,
      ZoneId zone) {
    this.catalogue = catalogue;
    this.transmitted = new Transmitted(searcher, visible);
    this.beginnings = new Beginnings(searcher.getIndexReader());
    this.stems = new Stems(searcher.getIndexReader());
    this.visible = visible;
    this.now = now;
    this.zone = zone;
  }

  /// The documents that match and that the caller may see.
  org.apache.lucene.search.Query compile(Query query) throws IOException, TooBroadException {
    return new BooleanQuery.Builder()
        .add(clause(query).orElse(MatchNoDocsQuery.INSTANCE), Occur.MUST)
        .add(visible(catalogue, visible), Occur.FILTER)
        .build();
  }

  /// The documents that a caller may see.
  static org.apache.lucene.search.Query visible(Catalogue catalogue, Set<AccountName> visible) {
    return numbers(
        catalogue,
        visible.stream().map(Scope.Account::new).collect(Collectors.toUnmodifiableSet()));
  }

  /// @return empty for what says nothing, such as a word of punctuation only
  private Optional<org.apache.lucene.search.Query> clause(Query query)
      throws IOException, TooBroadException {
    return switch (query) {
      case Query.All all -> Optional.of(MatchAllDocsQuery.INSTANCE);
      case Query.And(List<Query> clauses) -> join(clauses, Occur.MUST);
      case Query.Or(List<Query> clauses) -> join(clauses, Occur.SHOULD);
      case Query.Not(Query clause) -> clause(clause.exactly()).map(QueryCompiler::not);
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
      case Query.Header(String name, String words, boolean prefix) -> header(name, words, prefix);
      case Query.Refers(String id) -> Optional.of(keyword(Fields.REFERENCES, bare(id)));
      case Query.InLanguage(String code) -> Optional.of(keyword(Fields.LANGUAGE, code));
      case Query.Dated(Query.Date date, Query.Edge from, Query.Edge to) ->
          Optional.of(between(field(date), moment(from, Instant.MIN), moment(to, Instant.MAX)));
      case Query.Older(Duration age) ->
          Optional.of(between(Fields.RECEIVED, Instant.MIN, now.minus(age).plusSeconds(1)));
      case Query.Newer(Duration age) ->
          Optional.of(between(Fields.RECEIVED, now.minus(age).plusSeconds(1), Instant.MAX));
    };
  }

  private Optional<org.apache.lucene.search.Query> join(List<Query> clauses, Occur occur)
      throws IOException, TooBroadException {
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

  private Optional<org.apache.lucene.search.Query> words(Query.Words words)
      throws IOException, TooBroadException {
    List<org.apache.lucene.search.Query> anywhere =
        new ArrayList<>(words(words, words.field().fields(), words.field().isAddress()));
    Optional<org.apache.lucene.search.Query> sent =
        joined(words(words, words.field().transmissionFields(), true), Occur.SHOULD);
    if (sent.isPresent()) {
      anywhere.add(transmitted.messages(sent.get()));
    }
    return joined(anywhere, Occur.SHOULD);
  }

  private List<org.apache.lucene.search.Query> words(
      Query.Words words, List<String> fields, boolean addresses)
      throws IOException, TooBroadException {
    List<org.apache.lucene.search.Query> anywhere = new ArrayList<>();
    for (String field : fields) {
      if (words.prefix()) {
        beginnings.check(field, words.text());
      }
      query(field, words).map(query -> weighted(field, query)).ifPresent(anywhere::add);
      if (addresses) {
        anywhere.add(keyword(Fields.address(field), domain(words.text())));
      }
    }
    return anywhere;
  }

  private Optional<org.apache.lucene.search.Query> query(String field, Query.Words words)
      throws IOException {
    List<String> alike = stems.alike(field, words);
    return alike.isEmpty()
        ? WordsQuery.of(field, words.text(), words.prefix())
        : Optional.of(WordsQuery.of(field, WordsQuery.terms(words.text()).getFirst(), alike));
  }

  /// What a word counts by where it stands, once by once.
  private static org.apache.lucene.search.Query weighted(
      String field, org.apache.lucene.search.Query query) {
    return switch (field) {
      case Fields.SUBJECT -> new BoostQuery(query, SUBJECT_WEIGHT);
      case Fields.FROM, Fields.FILENAME -> new BoostQuery(query, NAME_WEIGHT);
      default -> query;
    };
  }

  private Optional<org.apache.lucene.search.Query> header(String name, String words, boolean prefix)
      throws IOException, TooBroadException {
    if (prefix) {
      beginnings.check(Fields.HEADER, words, HeaderQuery.MAX_BEGINNINGS);
    }
    return name.isEmpty()
        ? WordsQuery.of(Fields.HEADER, words, prefix)
        : HeaderQuery.of(name, words, prefix);
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

  static org.apache.lucene.search.Query keyword(String field, String value) {
    return new TermQuery(new Term(field, Fields.keyword(value)));
  }

  private static org.apache.lucene.search.Query id(String id) {
    boolean content =
        id.length() == 2 * ContentId.LENGTH
            && id.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    return keyword(content ? Fields.CONTENT : Fields.MESSAGE_ID, bare(id));
  }

  private static String bare(String id) {
    return id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
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
    return numbers(catalogue, scopes);
  }

  private static org.apache.lucene.search.Query numbers(
      Catalogue catalogue, Set<? extends Scope> scopes) {
    BitSet numbers = catalogue.sets().union(scopes);
    return numbers.isEmpty() ? MatchNoDocsQuery.INSTANCE : new NumbersQuery(numbers);
  }

  private static String field(Query.Date date) {
    return switch (date) {
      case RECEIVED -> Fields.RECEIVED;
      case SENT -> Fields.SENT;
    };
  }

  private Instant moment(Query.@Nullable Edge edge, Instant open) {
    if (edge == null) {
      return open;
    }
    LocalDate today = LocalDate.ofInstant(now, zone);
    LocalDate day = edge.after() ? edge.period().to(today) : edge.period().from(today);
    return day.atStartOfDay(zone).toInstant();
  }

  private static org.apache.lucene.search.Query between(String field, Instant from, Instant to) {
    long first = from.equals(Instant.MIN) ? Long.MIN_VALUE : from.getEpochSecond();
    long last = to.equals(Instant.MAX) ? Long.MAX_VALUE : to.getEpochSecond() - 1;
    return LongPoint.newRangeQuery(field, first, last);
  }
}
