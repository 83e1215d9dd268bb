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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
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
  private final Map<Facet, ValueCounts> values = new EnumMap<>(Facet.class);
  private final Map<String, Long> months = new HashMap<>();
  private final BitSet numbers = new BitSet();

  HitCounter(Set<Facet> facets, ZoneId zone) {
    this.facets = facets;
    this.zone = zone;
    for (Facet facet : facets) {
      field(facet).ifPresent(field -> values.put(facet, new ValueCounts(field)));
    }
  }

  /// The keyword field whose values a facet counts.
  private static Optional<String> field(Facet facet) {
    return switch (facet) {
      case SENDER -> Optional.of(Fields.FROM_ADDRESS);
      case DOMAIN -> Optional.of(Fields.FROM_DOMAIN);
      case TYPE -> Optional.of(Fields.KIND);
      case LANGUAGE -> Optional.of(Fields.LANGUAGE);
      case MONTH, ACCOUNT, MAILBOX -> Optional.empty();
    };
  }

  /// Adds what another one of the same facets has counted.
  HitCounter add(HitCounter other) {
    numbers.or(other.numbers);
    other.months.forEach((month, hits) -> months.merge(month, hits, Long::sum));
    values.forEach((facet, own) -> own.add(other.values(facet)));
    return this;
  }

  /// Hits by what the documents have.
  ///
  /// @param facet one that was asked for; not months, accounts and mailboxes
  ValueCounts values(Facet facet) {
    return Objects.requireNonNull(values.get(facet));
  }

  /// Hits by month, such as `2024-03`.
  Map<String, Long> months() {
    return months;
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
    for (ValueCounts counts : values.values()) {
      columns.add(new Keywords(leaf.reader(), counts));
    }
    if (facets.contains(Facet.MONTH)) {
      columns.add(new Months(leaf));
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
    public void finish() {
      columns.forEach(Column::finish);
    }
  }

  /// What the documents of one segment have.
  private interface Column {
    void count(int document) throws IOException;

    default void finish() {}
  }

  private static final class Keywords implements Column {
    private final SortedSetDocValues values;
    private final int[] hits;

    Keywords(LeafReader reader, ValueCounts counts) throws IOException {
      this.values = DocValues.getSortedSet(reader, counts.field());
      this.hits = counts.of(reader, values);
    }

    @Override
    public void count(int document) throws IOException {
      if (values.advanceExact(document)) {
        for (int i = 0; i < values.docValueCount(); i++) {
          hits[(int) values.nextOrd()]++;
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
    private final TreeMap<Long, Month> begun = new TreeMap<>();
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
      Map.@Nullable Entry<Long, Month> before = begun.floorEntry(second);
      if (before != null && second < before.getValue().to) {
        return before.getValue();
      }
      Month month =
          new Month(YearMonth.from(LocalDate.ofInstant(Instant.ofEpochSecond(second), zone)), zone);
      begun.put(month.from, month);
      return month;
    }

    @Override
    public void finish() {
      begun.values().forEach(month -> months.merge(month.name.toString(), month.hits, Long::sum));
    }
  }
}
