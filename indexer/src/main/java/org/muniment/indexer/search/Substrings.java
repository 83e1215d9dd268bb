package org.muniment.indexer.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.index.GramStream;
import org.muniment.indexer.index.SearchIndex;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptPart;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.text.AttachedTexts;
import org.muniment.indexer.text.Grams;
import org.muniment.indexer.text.Searched;

/// Tells by the grams of an index which messages may have a value in their text, for IMAP SEARCH
/// (RFC 9051 section 6.4.4). Never leaves out one that has it. Safe for use by many threads.
public final class Substrings {

  /// Grams of a value that are looked up, the rarest; the others would take little away.
  private static final int MAX_GRAMS = 12;

  private static final Query GRAMLESS = new TermQuery(new Term(Fields.GRAM, Fields.GRAMLESS));

  private final Catalogue catalogue;
  private final SearchIndex index;
  private final @Nullable KeptText kept;
  private final boolean inAttachments;

  /// @param index of the catalogue's messages
  /// @param kept text of messages and attachments; null where none is
  /// @param inAttachments whether to look through what was read of attachments
  public Substrings(
      Catalogue catalogue, SearchIndex index, @Nullable KeptText kept, boolean inAttachments) {
    this.catalogue = catalogue;
    this.index = index;
    this.kept = kept;
    this.inAttachments = inAttachments;
  }

  /// Where a value is looked for.
  public enum Where {
    /// Headers: where a value stands in one, it may be that of a part.
    HEADER,
    /// All but headers.
    BODY,
    /// Everywhere.
    TEXT
  }

  /// What the index tells.
  ///
  /// @param sure numbers of messages that have the value
  /// @param maybe numbers of messages whose text is to be read
  public record Found(BitSet sure, BitSet maybe) {

    /// Both.
    public BitSet all() {
      BitSet all = (BitSet) sure.clone();
      all.or(maybe);
      return all;
    }
  }

  /// The messages that have a value, or may.
  ///
  /// @param among numbers of messages
  public Found find(Where where, String value, BitSet among) throws IOException {
    String folded = Grams.folded(value);
    try (SearchIndex.View view = index.view()) {
      int end = catalogue.messages().firstSince(view.position());
      IndexSearcher searcher = view.searcher();
      BitSet having = numbers(searcher, query(searcher, where, folded));
      BitSet unknown = numbers(searcher, GRAMLESS);
      unknown.set(end, Math.max(end, among.length()));
      unknown.and(among);
      having.and(among);
      having.andNot(unknown);
      if (isTold(folded)) {
        return new Found(having, unknown);
      }
      unknown.or(having);
      return new Found(new BitSet(), unknown);
    }
  }

  /// Gives what is kept of messages to a sink, to look for values in it, by their numbers; those of
  /// which nothing is kept are left out.
  ///
  /// @param messages by their numbers, at most 500
  public void forEach(Map<Integer, ContentId> messages, TextSink sink) throws IOException {
    if (kept != null && !messages.isEmpty()) {
      Set<ContentId> attached = inAttachments ? kept.withDocuments(messages.values()) : Set.of();
      kept.forEach(
          messages,
          (number, text) -> {
            ContentId content = Objects.requireNonNull(messages.get(number));
            AttachedTexts read =
                attached.contains(content)
                    ? wanted -> anyMatch(kept, content, wanted)
                    : AttachedTexts.NONE;
            sink.accept(number, inAttachments ? text.with(read) : text.alone());
          });
    }
  }

  /// Takes texts of messages.
  @FunctionalInterface
  public interface TextSink {
    /// @param number of the message
    void accept(int number, Searched text) throws IOException;
  }

  /// What of the attachments of a message is looked through: names of its files, and their text.
  public AttachedTexts attached(ContentId message, Structure structure) {
    return inAttachments
        ? wanted -> hasFile(structure, wanted) || (kept != null && anyMatch(kept, message, wanted))
        : AttachedTexts.NONE;
  }

  private static boolean hasFile(Structure structure, Predicate<String> wanted) {
    List<String> names = new ArrayList<>();
    PartPath.forEach(structure.root(), (_, part) -> part.filename().ifPresent(names::add));
    return names.stream().anyMatch(wanted);
  }

  private static boolean anyMatch(KeptText kept, ContentId message, Predicate<String> wanted)
      throws IOException {
    for (KeptPart part : kept.parts(message)) {
      Optional<Extraction> read = kept.document(part.document()).map(KeptDocument::extraction);
      if (read.isPresent()
          && (wanted.test(read.get().text()) || read.get().names().stream().anyMatch(wanted))) {
        return true;
      }
    }
    return false;
  }

  /// Whether the grams say it all. U+0000 stands for the end of a text, too.
  private static boolean isTold(String folded) {
    return !folded.isEmpty() && folded.length() <= Grams.LENGTH && folded.indexOf(0) < 0;
  }

  private List<String> fields(Where where) {
    List<String> fields = new ArrayList<>();
    if (where != Where.BODY) {
      fields.add(Fields.HEADER_GRAM);
    }
    if (where != Where.HEADER) {
      fields.add(Fields.BODY_GRAM);
    }
    if (where != Where.HEADER && inAttachments) {
      fields.add(Fields.ATTACHMENT_GRAM);
    }
    return fields;
  }

  private Query query(IndexSearcher searcher, Where where, String folded) throws IOException {
    BooleanQuery.Builder anywhere = new BooleanQuery.Builder();
    for (String field : fields(where)) {
      anywhere.add(query(searcher, field, folded), Occur.SHOULD);
    }
    return anywhere.build();
  }

  private static Query query(IndexSearcher searcher, String field, String folded)
      throws IOException {
    if (folded.isEmpty() || folded.indexOf(0) >= 0) {
      return MatchAllDocsQuery.INSTANCE;
    }
    if (folded.length() < Grams.LENGTH) {
      return new PrefixQuery(new Term(field, GramStream.term(folded)));
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    for (Term gram : rarest(searcher, field, Grams.within(folded))) {
      all.add(new TermQuery(gram), Occur.FILTER);
    }
    return all.build();
  }

  private static List<Term> rarest(IndexSearcher searcher, String field, long[] grams)
      throws IOException {
    record Counted(Term gram, int messages) {}
    List<Counted> counted = new ArrayList<>();
    for (long gram : grams) {
      Term term = new Term(field, GramStream.term(gram));
      counted.add(new Counted(term, searcher.getIndexReader().docFreq(term)));
    }
    return counted.stream()
        .sorted(Comparator.comparingInt(Counted::messages))
        .limit(MAX_GRAMS)
        .map(Counted::gram)
        .toList();
  }

  private static BitSet numbers(IndexSearcher searcher, Query query) throws IOException {
    BitSet numbers = new BitSet();
    Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
    for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
      @Nullable Scorer scorer = weight.scorer(leaf);
      if (scorer != null) {
        add(leaf.reader(), scorer.iterator(), numbers);
      }
    }
    return numbers;
  }

  private static void add(LeafReader reader, DocIdSetIterator documents, BitSet numbers)
      throws IOException {
    @Nullable Bits live = reader.getLiveDocs();
    NumericDocValues number = DocValues.getNumeric(reader, Fields.NUMBER);
    for (int at = documents.nextDoc();
        at != DocIdSetIterator.NO_MORE_DOCS;
        at = documents.nextDoc()) {
      if ((live == null || live.get(at)) && number.advanceExact(at)) {
        numbers.set((int) number.longValue());
      }
    }
  }
}
