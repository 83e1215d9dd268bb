package org.muniment.indexer.search;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/// Counts how many words begin alike, before they are all looked for.
record Beginnings(IndexReader reader) {

  /// Most words that a `*` may stand for in one field; a word counts once for each segment.
  static final int MAX_WORDS = 50_000;

  /// @param text its last word is a beginning
  void check(String field, String text) throws IOException, TooBroadException {
    check(field, text, MAX_WORDS);
  }

  void check(String field, String text, int most) throws IOException, TooBroadException {
    List<String> terms = WordsQuery.terms(text);
    if (terms.isEmpty()) {
      return;
    }
    BytesRef beginning = new BytesRef(terms.getLast());
    int left = most;
    for (LeafReaderContext leaf : reader.leaves()) {
      Terms words = leaf.reader().terms(field);
      left -= words == null ? 0 : count(words.iterator(), beginning, left + 1);
      if (left < 0) {
        throw new TooBroadException(text, most);
      }
    }
  }

  private static int count(TermsEnum words, BytesRef beginning, int most) throws IOException {
    int count = 0;
    boolean more = words.seekCeil(beginning) != TermsEnum.SeekStatus.END;
    while (more && count < most && StringHelper.startsWith(words.term(), beginning)) {
      count++;
      more = words.next() != null;
    }
    return count;
  }
}
