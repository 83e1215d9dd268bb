package org.muniment.server.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that answer each other, each before its answers.
///
/// @param cut whether there are more than are told; then these are the latest
public record ConversationView(List<Entry> entries, boolean cut) {

  public ConversationView {
    entries = List.copyOf(entries);
  }

  /// A message in its place.
  ///
  /// @param depth number of entries above it in the tree
  /// @param message null for one that is answered and that the person does not see
  public record Entry(int depth, SearchPage.@Nullable Hit message) {}
}
