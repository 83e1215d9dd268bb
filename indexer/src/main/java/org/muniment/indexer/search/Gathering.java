package org.muniment.indexer.search;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.util.BytesRef;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.index.ThreadIds;

/// Gathers the messages of a conversation, among those that a caller may see: whatever names an id
/// that is named in it. A reply of a program that names none belongs to it by its subject, when it
/// came within [#NEAR] of the message that is asked for; otherwise messages of the same subject are
/// strangers.
final class Gathering {

  /// Most messages of a conversation; of more, the latest.
  static final int MAX_MESSAGES = 500;

  /// Most ids that are looked for.
  private static final int MAX_IDS = 5_000;

  private static final ThreadIds NONE = new ThreadIds("", List.of());

  private static final Duration NEAR = Duration.ofDays(30);

  private final IndexSearcher searcher;
  private final Query visible;
  private final Messages messages;
  private final Map<Integer, ThreadIds> found = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Set<String> due = new HashSet<>();
  private boolean cut;

  /// @param visible the documents that the caller may see
  Gathering(IndexSearcher searcher, Query visible, Messages messages) {
    this.searcher = searcher;
    this.visible = visible;
    this.messages = messages;
  }

  /// @param numbers of the messages, as in `members`
  /// @param cut whether there are more
  record Gathered(List<Threading.Member> members, List<Integer> numbers, boolean cut) {}

  Gathered around(Message start) throws IOException {
    latest(QueryCompiler.keyword(Fields.CONTENT, start.content().toString())).forEach(this::take);
    gather();
    bySubject(start);
    gather();
    return gathered();
  }

  private void gather() throws IOException {
    while (!due.isEmpty() && !cut) {
      List<BytesRef> ids =
          due.stream().map(id -> new BytesRef(Fields.keyword(id))).distinct().toList();
      asked.addAll(due);
      due.clear();
      latest(
              new BooleanQuery.Builder()
                  .add(new TermInSetQuery(Fields.MESSAGE_ID, ids), Occur.SHOULD)
                  .add(new TermInSetQuery(Fields.REFERENCES, ids), Occur.SHOULD)
                  .build())
          .forEach(this::take);
    }
  }

  private void take(int number, ThreadIds ids) {
    if (found.containsKey(number)) {
      return;
    }
    if (found.size() == MAX_MESSAGES || asked.size() + due.size() > MAX_IDS) {
      cut = true;
      return;
    }
    found.put(number, ids);
    ids.references().stream().filter(id -> !asked.contains(id)).forEach(due::add);
    if (!ids.id().isEmpty() && !asked.contains(ids.id())) {
      due.add(ids.id());
    }
  }

  private void bySubject(Message start) throws IOException {
    BaseSubject subject = BaseSubject.of(start.subject());
    Optional<Query> words = WordsQuery.of(Fields.SUBJECT, subject.text(), false);
    if (words.isEmpty() || cut) {
      return;
    }
    Map<Integer, ThreadIds> near =
        latest(
            new BooleanQuery.Builder()
                .add(words.get(), Occur.FILTER)
                .add(near(start.internalDate()), Occur.FILTER)
                .build());
    near.keySet().removeAll(found.keySet());
    near.values().removeIf(ids -> !ids.references().isEmpty());
    List<Message> strays =
        messages.find(near.keySet().stream().limit(MAX_MESSAGES).toList()).values().stream()
            .filter(message -> BaseSubject.of(message.subject()).text().equals(subject.text()))
            .toList();
    if (subject.reply() && found.getOrDefault(start.number(), NONE).references().isEmpty()) {
      original(start, strays).ifPresent(original -> take(original, near));
    }
    strays.stream()
        .filter(message -> BaseSubject.of(message.subject()).reply())
        .forEach(reply -> take(reply, near));
  }

  private void take(Message message, Map<Integer, ThreadIds> ids) {
    take(message.number(), ids.getOrDefault(message.number(), NONE));
  }

  /// The last message before a reply that is none.
  private static Optional<Message> original(Message reply, Collection<Message> candidates) {
    return candidates.stream()
        .filter(candidate -> !BaseSubject.of(candidate.subject()).reply())
        .filter(candidate -> !date(candidate).isAfter(date(reply)))
        .max((a, b) -> date(a).compareTo(date(b)));
  }

  private static Query near(Instant date) {
    return LongPoint.newRangeQuery(
        Fields.RECEIVED, date.minus(NEAR).getEpochSecond(), date.plus(NEAR).getEpochSecond());
  }

  /// By message number, the latest that the caller may see, the very latest first.
  private Map<Integer, ThreadIds> latest(Query query) throws IOException {
    Query seen =
        new BooleanQuery.Builder().add(query, Occur.FILTER).add(visible, Occur.FILTER).build();
    ScoreDoc[] latest = searcher.search(seen, MAX_MESSAGES + 1, SortOrder.DATE.sort()).scoreDocs;
    Map<Integer, ThreadIds> ids = new LinkedHashMap<>();
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    for (ScoreDoc hit : latest) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(hit.doc, leaves));
      int document = hit.doc - leaf.docBase;
      NumericDocValues number = DocValues.getNumeric(leaf.reader(), Fields.NUMBER);
      BinaryDocValues thread = DocValues.getBinary(leaf.reader(), Fields.THREAD);
      if (number.advanceExact(document)) {
        ids.put(
            (int) number.longValue(),
            thread.advanceExact(document) ? ThreadIds.read(thread.binaryValue()) : NONE);
      }
    }
    return ids;
  }

  private Gathered gathered() {
    Map<Integer, Message> known = messages.find(found.keySet());
    List<Threading.Member> members = new ArrayList<>();
    found.forEach(
        (number, ids) -> {
          Message message = known.get(number);
          if (message != null) {
            members.add(
                new Threading.Member(
                    number, ids.id(), ids.references(), date(message), message.subject()));
          }
        });
    return new Gathered(members, members.stream().map(Threading.Member::number).toList(), cut);
  }

  private static Instant date(Message message) {
    return message.sentDate() == null ? message.internalDate() : message.sentDate().instant();
  }
}
