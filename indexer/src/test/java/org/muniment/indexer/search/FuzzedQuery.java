package org.muniment.indexer.search;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What a fuzzer calls with octets as a query.
public final class FuzzedQuery {

  private FuzzedQuery() {}

  /// Reads the octets as a query in UTF-8, and what words it has; throws nothing.
  public static void fuzzerTestOneInput(byte[] octets) {
    String text = new String(octets, StandardCharsets.UTF_8);
    try {
      look(QueryParser.parse(text));
    } catch (QuerySyntaxException e) {
      if (e.column() < 1 || e.column() > text.length() + 1) {
        throw new IllegalStateException("column " + e.column() + " of " + text.length(), e);
      }
    }
    BaseSubject.of(text);
  }

  private static void look(Query query) {
    switch (query) {
      case Query.And and -> and.clauses().forEach(FuzzedQuery::look);
      case Query.Or or -> or.clauses().forEach(FuzzedQuery::look);
      case Query.Not not -> look(not.clause());
      case Query.Words words -> WordsQuery.of("body", words.text(), words.prefix());
      case Query.Header header -> HeaderQuery.of(header.name(), header.words(), header.prefix());
      case Query.Dated dated -> {
        look(dated.from());
        look(dated.to());
      }
      default -> {}
    }
  }

  private static void look(Query.@Nullable Edge edge) {
    if (edge != null) {
      LocalDate today = LocalDate.of(2024, 2, 29);
      if (!edge.period().from(today).isBefore(edge.period().to(today))) {
        throw new IllegalStateException("no day in " + edge);
      }
    }
  }
}
