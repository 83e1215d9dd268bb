package org.muniment.indexer.search;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.index.Fields;

/// Looks at each hit once and counts what the index knows of it.
final class HitCounter implements Collector {

  private final Set<Facet> facets;
  private final ZoneId zone;
  private final Map<Facet, Map<String, Long>> counts = new EnumMap<>(Facet.class);
  private final BitSet numbers = new BitSet();

  HitCounter(Set<Facet> facets, ZoneId zone) {
    this.facets = facets;
    this.zone = zone;
    facets.forEach(facet -> counts.put(facet, new HashMap<>()));
  }

  /// Adds what another one has counted.
  HitCounter add(HitCounter other) {
    numbers.or(other.numbers);
    counts.forEach(
        (facet, own) ->
            other.counts(facet).forEach((value, hits) -> own.merge(value, hits, Long::sum)));
    return this;
  }

  /// Hits by value; of [Facet#ACCOUNT] and [Facet#MAILBOX], which the index does not know, nothing.
  Map<String, Long> counts(Facet facet) {
    return counts.getOrDefault(facet, Map.of());
  }

  /// The message numbers of the hits, where accounts or mailboxes are asked for.
  BitSet numbers() {
    return numbers;
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE_NO_SCORES;
  }

  @Override
  public LeafCollector getLeafCollector(LeafReaderContext leaf) throws IOException {
    List<Column> columns = new ArrayList<>();
    for (Facet facet : facets) {
      switch (facet) {
        case SENDER -> columns.add(new Keywords(leaf, Fields.FROM_ADDRESS, facet));
        case DOMAIN -> columns.add(new Keywords(leaf, Fields.FROM_DOMAIN, facet));
        case TYPE -> columns.add(new Keywords(leaf, Fields.KIND, facet));
        case LANGUAGE -> columns.add(new Keywords(leaf, Fields.LANGUAGE, facet));
        case MONTH -> columns.add(new Months(leaf));
        case ACCOUNT, MAILBOX -> {}
      }
    }
    if (facets.contains(Facet.ACCOUNT) || facets.contains(Facet.MAILBOX)) {
      columns.add(new Numbers(leaf));
    }
    return new Leaf(columns);
  }

  private record Leaf(List<Column> columns) implements LeafCollector {
    @Override
    public void setScorer(Scorable scorer) {
      // Nothing is scored.
    }

    @Override
    public void collect(int document) throws IOException {
      for (Column column : columns) {
        column.count(document);
      }
    }

    @Override
    public void finish() throws IOException {
      for (Column column : columns) {
        column.finish();
      }
    }
  }

  /// What the documents of one segment have.
  private interface Column {
    void count(int document) throws IOException;

    default void finish() throws IOException {}
  }

  private final class Keywords implements Column {
    private final SortedSetDocValues values;
    private final Facet facet;
    private final int[] hits;

    Keywords(LeafReaderContext leaf, String field, Facet facet) throws IOException {
      this.values = DocValues.getSortedSet(leaf.reader(), field);
      this.facet = facet;
      this.hits = new int[Math.toIntExact(values.getValueCount())];
    }

    @Override
    public void count(int document) throws IOException {
      if (values.advanceExact(document)) {
        for (int i = 0; i < values.docValueCount(); i++) {
          hits[(int) values.nextOrd()]++;
        }
      }
    }

    @Override
    public void finish() throws IOException {
      Map<String, Long> own = counts.get(facet);
      for (int value = 0; value < hits.length && own != null; value++) {
        if (hits[value] > 0) {
          own.merge(values.lookupOrd(value).utf8ToString(), (long) hits[value], Long::sum);
        }
      }
    }
  }

  private final class Numbers implements Column {
    private final NumericDocValues values;

    Numbers(LeafReaderContext leaf) throws IOException {
      this.values = DocValues.getNumeric(leaf.reader(), Fields.NUMBER);
    }

    @Override
    public void count(int document) throws IOException {
      if (values.advanceExact(document)) {
        numbers.set((int) values.longValue());
      }
    }
  }

  /// The seconds of a month, and how many hits are in it.
  private static final class Month {
    private final YearMonth name;
    private final long from;
    private final long to;
    private long hits;

    Month(YearMonth name, ZoneId zone) {
      this.name = name;
      this.from = name.atDay(1).atStartOfDay(zone).toEpochSecond();
      this.to = name.plusMonths(1).atDay(1).atStartOfDay(zone).toEpochSecond();
    }
  }

  private final class Months implements Column {
    private final NumericDocValues values;
    private final TreeMap<Long, Month> months = new TreeMap<>();
    private @Nullable Month last;

    Months(LeafReaderContext leaf) throws IOException {
      this.values = DocValues.getNumeric(leaf.reader(), Fields.RECEIVED);
    }

    @Override
    public void count(int document) throws IOException {
      if (values.advanceExact(document)) {
        long second = values.longValue();
        if (last == null || second < last.from || second >= last.to) {
          last = month(second);
        }
        last.hits++;
      }
    }

    private Month month(long second) {
      Map.@Nullable Entry<Long, Month> before = months.floorEntry(second);
      if (before != null && second < before.getValue().to) {
        return before.getValue();
      }
      Month month =
          new Month(YearMonth.from(LocalDate.ofInstant(Instant.ofEpochSecond(second), zone)), zone);
      months.put(month.from, month);
      return month;
    }

    @Override
    public void finish() {
      Map<String, Long> own = counts.get(Facet.MONTH);
      if (own != null) {
        months.values().forEach(month -> own.merge(month.name.toString(), month.hits, Long::sum));
      }
    }
  }
}
