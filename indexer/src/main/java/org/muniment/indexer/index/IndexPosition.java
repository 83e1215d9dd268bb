package org.muniment.indexer.index;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Message;

/// How far an index has followed, as it stands in the user data of a Lucene commit.
///
/// @param entries number of log entries that are covered
/// @param messages number of documents, so the number of the next message
/// @param content content id of the last message, `""` when there is none
record IndexPosition(long entries, int messages, String content) {

  static final IndexPosition START = new IndexPosition(0, 0, "");

  static IndexPosition of(@Nullable Iterable<Map.Entry<String, String>> data) {
    Map<String, String> values = new HashMap<>();
    if (data != null) {
      data.forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    }
    return new IndexPosition(
        Long.parseLong(values.getOrDefault("entries", "0")),
        Integer.parseInt(values.getOrDefault("messages", "0")),
        values.getOrDefault("content", ""));
  }

  Map<String, String> data(String schema) {
    return Map.of(
        "schema",
        schema,
        "entries",
        Long.toString(entries),
        "messages",
        Integer.toString(messages),
        "content",
        content);
  }

  IndexPosition after(Message message) {
    return new IndexPosition(
        message.leaf() + 1, message.number() + 1, message.content().toString());
  }

  IndexPosition at(long position) {
    return new IndexPosition(Math.max(entries, position), messages, content);
  }
}
