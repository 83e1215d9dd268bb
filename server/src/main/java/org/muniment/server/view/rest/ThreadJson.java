package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.ConversationView;

/// A conversation, each message before its answers.
///
/// @param cut whether there are more messages than are listed
record ThreadJson(List<Entry> messages, boolean cut) {

  /// @param depth number of entries above it in the tree
  /// @param message null for one that is answered and that is not to be seen
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(int depth, @Nullable HitJson message) {}

  static ThreadJson of(ConversationView conversation) {
    return new ThreadJson(
        conversation.entries().stream()
            .map(
                entry ->
                    new Entry(
                        entry.depth(),
                        entry.message() == null ? null : HitJson.of(entry.message(), false)))
            .toList(),
        conversation.cut());
  }
}
