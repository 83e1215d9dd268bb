package org.muniment.indexer.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.MessageSets.Scope;
import org.muniment.indexer.search.FacetCounts.Count;

/// Makes facets of what was counted, as one caller sees the archive: accounts and mailboxes that
/// they may not see are neither counted nor named.
record Facets(Catalogue catalogue, Set<AccountName> visible) {

  /// Values of a facet that are told; months are told up to [#MAX_MONTHS].
  static final int MAX_VALUES = 20;

  static final int MAX_MONTHS = 600;

  /// @return in the order of [Facet]
  List<FacetCounts> of(Set<Facet> facets, HitCounter counted) throws IOException {
    List<FacetCounts> all = new ArrayList<>();
    for (Facet facet : facets.stream().sorted().toList()) {
      all.add(of(facet, counted));
    }
    return all;
  }

  private FacetCounts of(Facet facet, HitCounter counted) throws IOException {
    return switch (facet) {
      case SENDER -> keywords(facet, counted, "from:", "");
      case DOMAIN -> keywords(facet, counted, "from:", "@");
      case TYPE -> keywords(facet, counted, "type:", "");
      case LANGUAGE -> keywords(facet, counted, "lang:", "");
      case MONTH -> months(counted);
      case ACCOUNT -> most(facet, accounts(counted.numbers()));
      case MAILBOX -> most(facet, mailboxes(counted.numbers()));
    };
  }

  private static FacetCounts keywords(Facet facet, HitCounter counted, String field, String before)
      throws IOException {
    ValueCounts.Most most = counted.values(facet).most(MAX_VALUES);
    List<Count> counts =
        most.values().stream()
            .map(value -> count(value.text(), value.text(), value.hits(), field, before))
            .toList();
    return new FacetCounts(facet, counts, most.other());
  }

  private static Count count(String value, String label, long hits, String field, String before) {
    return new Count(value, label, hits, field + quoted(before + value));
  }

  /// A value as the query language reads it back.
  private static String quoted(String value) {
    boolean plain =
        value.chars().allMatch(c -> Character.isLetterOrDigit(c) || "@._-+".indexOf(c) >= 0);
    return plain ? value : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static FacetCounts most(Facet facet, Collection<Count> counts) {
    List<Count> most =
        counts.stream()
            .sorted(Comparator.comparingLong(Count::hits).reversed().thenComparing(Count::value))
            .limit(MAX_VALUES)
            .toList();
    return new FacetCounts(facet, most, sum(counts) - sum(most));
  }

  private static FacetCounts months(HitCounter counted) {
    List<Count> counts =
        counted.months().entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByKey().reversed())
            .map(month -> count(month.getKey(), month.getKey(), month.getValue(), "on:", ""))
            .toList();
    List<Count> latest = counts.subList(0, Math.min(MAX_MONTHS, counts.size()));
    return new FacetCounts(Facet.MONTH, latest, sum(counts) - sum(latest));
  }

  private static long sum(Collection<Count> counts) {
    return counts.stream().mapToLong(Count::hits).sum();
  }

  private List<Count> accounts(BitSet hits) {
    List<Count> counts = new ArrayList<>();
    for (AccountName account : visible) {
      long common = common(hits, new Scope.Account(account));
      if (common > 0) {
        counts.add(count(account.value(), account.value(), common, "account:", ""));
      }
    }
    return counts;
  }

  private List<Count> mailboxes(BitSet hits) {
    Map<Integer, Mailbox> mailboxes =
        catalogue.mailboxes().of(visible).stream()
            .collect(Collectors.toMap(Mailbox::number, mailbox -> mailbox));
    List<Count> counts = new ArrayList<>();
    catalogue
        .sets()
        .perMailbox(mailboxes.keySet(), hits)
        .forEach(
            (number, messages) ->
                counts.add(count(Objects.requireNonNull(mailboxes.get(number)), messages)));
    return counts;
  }

  private static Count count(Mailbox mailbox, int hits) {
    String label = mailbox.account().value() + ": " + String.join("/", mailbox.path());
    return count(mailbox.id().value(), label, hits, "in:", "");
  }

  private long common(BitSet hits, Scope scope) {
    BitSet common = catalogue.sets().union(Set.of(scope));
    common.and(hits);
    return common.cardinality();
  }
}
