package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.EnumSet;
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
    assertThat(counted.counts(Facet.SENDER)).hasSize(SENDERS).containsValue(10L);
    assertThat(counted.counts(Facet.DOMAIN)).containsOnly(Map.entry("example.com", 100_000L));
    assertThat(counted.counts(Facet.TYPE)).containsOnly(Map.entry("pdf", 25_000L));
    assertThat(counted.counts(Facet.LANGUAGE)).containsOnly(Map.entry("en", 100_000L));
    assertThat(counted.counts(Facet.MONTH)).hasSize(12);
    assertThat(counted.counts(Facet.MONTH).values().stream().mapToLong(n -> n).sum())
        .isEqualTo(DOCUMENTS);
    assertThat(counted.numbers().cardinality()).isEqualTo(DOCUMENTS);
    Query pdf = new TermQuery(new Term(Fields.TYPE, "pdf"));
    HitPage some = page(pdf, SortOrder.DATE, null, all);
    assertThat(some.total()).isEqualTo(25_000);
    assertThat(some.counted().counts(Facet.SENDER)).hasSize(SENDERS / 4).containsValue(10L);
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      page(MatchAllDocsQuery.INSTANCE, SortOrder.DATE, null, all);
    }
    System.out.println(
        "seven facets over 100,000 hits: " + (System.nanoTime() - start) / 10_000_000 + " ms");
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
      assertThat(page.counted().counts(Facet.MONTH))
          .containsOnly(Map.entry(zone.equals("UTC") ? "2024-01" : "2023-12", page.total()));
    }
  }
}
