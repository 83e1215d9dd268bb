package org.muniment.indexer.index;

import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.util.BytesRef;

/// By what ids a message belongs to a conversation, as the index keeps them:
///
/// ```
/// ids = [ message-id ] *( LF reference )     ; oldest reference first
/// ```
///
/// @param id the first Message-ID without brackets, `""` where there is none or it is too long
/// @param references of the References field, else of In-Reply-To: of many the first and the last
public record ThreadIds(String id, List<String> references) {

  /// Most references that are kept.
  public static final int MAX_REFERENCES = 50;

  /// Longest id that is kept, in characters.
  private static final int MAX_ID = 500;

  public ThreadIds {
    references = List.copyOf(references);
  }

  static ThreadIds of(List<String> ids, List<String> references) {
    List<String> kept = references.stream().filter(ThreadIds::isKept).toList();
    int over = Math.max(0, kept.size() - MAX_REFERENCES);
    return new ThreadIds(
        ids.stream().filter(ThreadIds::isKept).findFirst().orElse(""),
        over == 0
            ? kept
            : Stream.concat(
                    Stream.of(kept.getFirst()), kept.subList(over + 1, kept.size()).stream())
                .toList());
  }

  // Ids have no white space: see MessageIds.
  private static boolean isKept(String id) {
    return id.length() <= MAX_ID && id.indexOf('\n') < 0;
  }

  boolean isEmpty() {
    return id.isEmpty() && references.isEmpty();
  }

  BytesRef write() {
    return new BytesRef(references.isEmpty() ? id : id + "\n" + String.join("\n", references));
  }

  /// Reads what [Fields#THREAD] holds.
  public static ThreadIds read(BytesRef value) {
    List<String> ids = List.of(value.utf8ToString().split("\n", -1));
    return new ThreadIds(ids.getFirst(), ids.subList(1, ids.size()));
  }
}
