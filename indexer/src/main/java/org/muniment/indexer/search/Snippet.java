package org.muniment.indexer.search;

import java.util.List;
import org.muniment.indexer.mail.PartPath;

/// A stretch of the text of one part of a message.
///
/// @param part which
/// @param filename its name as the sender wrote it, `""` where there is none
/// @param attachment whether it is the text of an attachment, and not of the message itself
/// @param passages the text in pieces, matches apart
public record Snippet(PartPath part, String filename, boolean attachment, List<Passage> passages) {

  public Snippet {
    passages = List.copyOf(passages);
  }

  /// Whether any of it is a match.
  public boolean matches() {
    return passages.stream().anyMatch(Passage::match);
  }
}
