package org.muniment.indexer.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages that answer each other, each before its answers.
///
/// @param entries in the order of the tree
/// @param cut whether there are more messages than [Gathering#MAX_MESSAGES]
public record Conversation(List<Entry> entries, boolean cut) {

  public Conversation {
    entries = List.copyOf(entries);
  }

  /// A message, or a gap where one that others answer is not there or not to be seen.
  ///
  /// @param depth number of messages and gaps above it
  /// @param hit null for a gap
  public record Entry(int depth, Results.@Nullable Hit hit) {}

  /// @param hits by the number of the message; those of messages that have become invisible since
  ///   are missing
  static Conversation of(
      List<Threading.Placed> placed, Map<Integer, Results.Hit> hits, boolean cut) {
    List<Entry> entries = new ArrayList<>();
    for (Threading.Placed one : placed) {
      Threading.Member member = one.member();
      entries.add(new Entry(one.depth(), member == null ? null : hits.get(member.number())));
    }
    return new Conversation(entries, cut);
  }
}
