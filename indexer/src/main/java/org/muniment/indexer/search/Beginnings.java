package org.muniment.indexer.search;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;

/// Counts how many words begin alike, before they are all looked for. One for each query: what is
/// counted adds up.
final class Beginnings {

  /// Most words that all `*` of a query may stand for; a word counts once for each field and
  /// segment.
  static final int MAX_WORDS = 50_000;

  private final IndexReader reader;
  private int left = MAX_WORDS;

  Beginnings(IndexReader reader) {
    this.reader = reader;
  }

  /// @param text its last word is a beginning
  void check(String field, String text) throws IOException, TooBroadException {
    check(field, text, MAX_WORDS);
  }

  /// @param most of the words of this beginning alone
  void check(String field, String text, int most) throws IOException, TooBroadException {
    List<String> terms = WordsQuery.terms(text);
    if (terms.isEmpty()) {
      return;
    }
    BytesRef beginning = new BytesRef(terms.getLast());
    int allowed = Math.min(left, most);
    int found = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      Terms words = leaf.reader().terms(field);
      found += words == null ? 0 : count(words.iterator(), beginning, allowed + 1 - found);
      if (found > allowed) {
        throw new TooBroadException(text, most);
      }
    }
    left -= found;
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
