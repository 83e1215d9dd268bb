package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.muniment.indexer.index.Fields;

/// Pages and counts over more documents than a mailbox of a test has.
class HitPageTest {

  private static final int DOCUMENTS = 100_000;
  private static final int SENDERS = 10_000;
  private static final long NEW_YEAR = 1_704_067_200L;
  private static final int YEAR = 366 * 24 * 3600;

  private static final ByteBuffersDirectory DIRECTORY = new ByteBuffersDirectory();
  private static DirectoryReader reader;

  @BeforeAll
  static void index() throws IOException {
    Random random = new Random(11);
    try (IndexWriter writer = new IndexWriter(DIRECTORY, new IndexWriterConfig())) {
      for (int i = 0; i < DOCUMENTS; i++) {
        writer.addDocument(document(i, random));
      }
    }
    reader = DirectoryReader.open(DIRECTORY);
  }

  @AfterAll
  static void close() throws IOException {
    reader.close();
  }

  private static Document document(int number, Random random) {
    Document document = new Document();
    long received = NEW_YEAR + random.nextInt(YEAR);
    document.add(new NumericDocValuesField(Fields.NUMBER, number));
    document.add(new LongPoint(Fields.RECEIVED, received));
    document.add(new NumericDocValuesField(Fields.RECEIVED, received));
    String sender = "sender" + number % SENDERS + "@example.com";
    document.add(new SortedSetDocValuesField(Fields.FROM_ADDRESS, new BytesRef(sender)));
    document.add(new SortedSetDocValuesField(Fields.FROM_DOMAIN, new BytesRef("example.com")));
    document.add(new SortedDocValuesField(Fields.LANGUAGE, new BytesRef("en")));
    if (number % 4 == 0) {
      document.add(new SortedSetDocValuesField(Fields.KIND, new BytesRef("pdf")));
      document.add(new StringField(Fields.TYPE, "pdf", StringField.Store.NO));
    }
    return document;
  }

  private static HitPage page(
      Query query, SortOrder order, @Nullable FieldDoc after, Set<Facet> facets)
      throws IOException {
    return HitPage.of(new IndexSearcher(reader), query, order, 500, after, facets, ZoneOffset.UTC);
  }

  @ParameterizedTest
  @EnumSource
  void pagesReachEveryHitOnceAndTheTotalIsExact(SortOrder order) throws IOException {
    BitSet seen = new BitSet();
    @Nullable FieldDoc after = null;
    int pages = 0;
    do {
      HitPage page = page(MatchAllDocsQuery.INSTANCE, order, after, Set.of());
      assertThat(page.total()).isEqualTo(DOCUMENTS);
      for (int number : page.numbers()) {
        assertThat(seen.get(number)).isFalse();
        seen.set(number);
      }
      after = page.last();
      pages++;
    } while (after != null);
    assertThat(seen.cardinality()).isEqualTo(DOCUMENTS);
    assertThat(pages).isEqualTo(DOCUMENTS / 500);
  }

  @Test
  void facetsAreCountedOverAllHitsInOnePass() throws IOException {
    Set<Facet> all = EnumSet.allOf(Facet.class);
    HitCounter counted = page(MatchAllDocsQuery.INSTANCE, SortOrder.DATE, null, all).counted();
    ValueCounts.Most senders = counted.values(Facet.SENDER).most(3);
    assertThat(senders.values())
        .containsExactly(
            new ValueCounts.Value("sender0@example.com", 10),
            new ValueCounts.Value("sender1000@example.com", 10),
            new ValueCounts.Value("sender1001@example.com", 10));
    assertThat(senders.other()).isEqualTo(DOCUMENTS - 30);
    assertThat(most(counted, Facet.DOMAIN))
        .containsExactly(new ValueCounts.Value("example.com", 100_000));
    assertThat(most(counted, Facet.TYPE)).containsExactly(new ValueCounts.Value("pdf", 25_000));
    assertThat(most(counted, Facet.LANGUAGE)).containsExactly(new ValueCounts.Value("en", 100_000));
    assertThat(counted.months()).hasSize(12);
    assertThat(counted.months().values().stream().mapToLong(n -> n).sum()).isEqualTo(DOCUMENTS);
    assertThat(counted.numbers().cardinality()).isEqualTo(DOCUMENTS);
    Query pdf = new TermQuery(new Term(Fields.TYPE, "pdf"));
    HitPage some = page(pdf, SortOrder.DATE, null, all);
    assertThat(some.total()).isEqualTo(25_000);
    assertThat(most(some.counted(), Facet.SENDER))
        .hasSize(SENDERS / 4)
        .allMatch(sender -> sender.hits() == 10);
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      page(MatchAllDocsQuery.INSTANCE, SortOrder.DATE, null, all);
    }
    System.out.println(
        "seven facets over 100,000 hits: " + (System.nanoTime() - start) / 10_000_000 + " ms");
  }

  private static List<ValueCounts.Value> most(HitCounter counted, Facet facet) throws IOException {
    return counted.values(facet).most(SENDERS).values();
  }

  @Test
  void theMostFrequentValuesAreThoseOfAMapOfAllWhateverTheSegments() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed of values: " + seed);
    Random random = new Random(seed);
    Map<String, Long> expected = new HashMap<>();
    try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
      try (IndexWriter writer =
          new IndexWriter(
              directory, new IndexWriterConfig().setMergePolicy(NoMergePolicy.INSTANCE))) {
        for (int i = 0; i < 2_000; i++) {
          String sender = "é" + Math.round(Math.abs(random.nextGaussian()) * 50) + "@example.com";
          Document document = new Document();
          document.add(new NumericDocValuesField(Fields.NUMBER, i));
          document.add(new NumericDocValuesField(Fields.RECEIVED, NEW_YEAR));
          document.add(new SortedSetDocValuesField(Fields.FROM_ADDRESS, new BytesRef(sender)));
          writer.addDocument(document);
          expected.merge(sender, 1L, Long::sum);
          if (random.nextInt(200) == 0) {
            writer.commit();
          }
        }
      }
      try (DirectoryReader segments = DirectoryReader.open(directory)) {
        HitPage page =
            HitPage.of(
                new IndexSearcher(segments),
                MatchAllDocsQuery.INSTANCE,
                SortOrder.DATE,
                1,
                null,
                Set.of(Facet.SENDER),
                ZoneOffset.UTC);
        ValueCounts.Most most = page.counted().values(Facet.SENDER).most(20);
        List<ValueCounts.Value> best =
            expected.entrySet().stream()
                .map(entry -> new ValueCounts.Value(entry.getKey(), entry.getValue()))
                .sorted(
                    Comparator.comparingLong(ValueCounts.Value::hits)
                        .reversed()
                        .thenComparing(ValueCounts.Value::text))
                .limit(20)
                .toList();
        assertThat(most.values()).isEqualTo(best);
        assertThat(most.other())
            .isEqualTo(2_000 - best.stream().mapToLong(ValueCounts.Value::hits).sum());
      }
    }
  }

  @Test
  void monthsAreThoseOfTheCallersCalendar() throws IOException {
    Query first = LongPoint.newRangeQuery(Fields.RECEIVED, NEW_YEAR, NEW_YEAR + 3600);
    for (String zone : new String[] {"UTC", "America/New_York"}) {
      HitPage page =
          HitPage.of(
              new IndexSearcher(reader),
              first,
              SortOrder.DATE,
              500,
              null,
              Set.of(Facet.MONTH),
              ZoneId.of(zone));
      assertThat(page.total()).isPositive();
      assertThat(page.counted().months())
          .containsOnly(Map.entry(zone.equals("UTC") ? "2024-01" : "2023-12", page.total()));
    }
  }
}
