package org.muniment.indexer.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.util.BytesRef;

/// How often each value of a keyword field was met: a number for each value of each segment. The
/// values themselves stay in the index until somebody asks for the most frequent.
final class ValueCounts {

  /// Counts of the values of one segment, by their ordinals there.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Segment(LeafReader reader, int[] hits) {}

  private final String field;
  private final List<Segment> segments = new ArrayList<>();

  ValueCounts(String field) {
    this.field = field;
  }

  String field() {
    return field;
  }

  /// What counts for one segment.
  ///
  /// @return an array with an element for each ordinal of `values`, to be counted up
  int[] of(LeafReader reader, SortedSetDocValues values) {
    int[] hits = new int[Math.toIntExact(values.getValueCount())];
    segments.add(new Segment(reader, hits));
    return hits;
  }

  /// Adds what another one of the same field has counted.
  void add(ValueCounts other) {
    segments.addAll(other.segments);
  }

  /// The most frequent values.
  ///
  /// @param values from the most frequent on, those of the same number in their own order
  /// @param other sum of the numbers of all other values
  record Most(List<Value> values, long other) {
    Most {
      values = List.copyOf(values);
    }
  }

  /// A value, and how often it was met.
  record Value(String text, long hits) {}

  private record Candidate(BytesRef text, long hits) {
    static final Comparator<Candidate> BEST_FIRST =
        Comparator.comparingLong(Candidate::hits).reversed().thenComparing(Candidate::text);
  }

  /// Walks through the values of all segments at once, in their order, so that each is met once.
  /// The index must be open still.
  Most most(int limit) throws IOException {
    PriorityQueue<Candidate> best = new PriorityQueue<>(Candidate.BEST_FIRST.reversed());
    PriorityQueue<Walk> walks = walks();
    long sum = 0;
    while (!walks.isEmpty()) {
      BytesRef text = walks.element().text;
      long hits = 0;
      // A walk that moves on gets a text of its own: this one stays as it is.
      while (!walks.isEmpty() && walks.element().text.equals(text)) {
        Walk walk = walks.remove();
        hits += walk.hits();
        if (walk.next()) {
          walks.add(walk);
        }
      }
      sum += hits;
      if (best.size() < limit || hits > best.element().hits) {
        best.add(new Candidate(text, hits));
      }
      if (best.size() > limit) {
        best.remove();
      }
    }
    List<Value> values =
        best.stream()
            .sorted(Candidate.BEST_FIRST)
            .map(candidate -> new Value(candidate.text.utf8ToString(), candidate.hits))
            .toList();
    return new Most(values, sum - values.stream().mapToLong(Value::hits).sum());
  }

  private PriorityQueue<Walk> walks() throws IOException {
    PriorityQueue<Walk> walks = new PriorityQueue<>(Comparator.comparing(walk -> walk.text));
    for (Segment segment : segments) {
      Walk walk = new Walk(DocValues.getSortedSet(segment.reader, field), segment.hits);
      if (walk.next()) {
        walks.add(walk);
      }
    }
    return walks;
  }

  /// Goes from value to value of a segment that was met.
  private static final class Walk {
    private final SortedSetDocValues values;
    private final int[] hits;
    private int ordinal = -1;
    private BytesRef text = new BytesRef();

    Walk(SortedSetDocValues values, int[] hits) {
      this.values = values;
      this.hits = hits;
    }

    boolean next() throws IOException {
      do {
        ordinal++;
      } while (ordinal < hits.length && hits[ordinal] == 0);
      if (ordinal == hits.length) {
        return false;
      }
      text = BytesRef.deepCopyOf(values.lookupOrd(ordinal));
      return true;
    }

    int hits() {
      return hits[ordinal];
    }
  }
}
