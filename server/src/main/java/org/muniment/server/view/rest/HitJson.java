package org.muniment.server.view.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.search.Passage;
import org.muniment.indexer.search.Snippet;
import org.muniment.server.view.SearchPage;

/// A message in a list of messages that were found; texts are plain, not escaped for any markup.
record HitJson(
    String id,
    String subject,
    String from,
    String to,
    String date,
    long length,
    boolean attachments,
    List<MailboxJson.Name> mailboxes,
    List<SnippetJson> snippets) {

  static HitJson of(SearchPage.Hit hit, boolean html) {
    return new HitJson(
        hit.id().toString(),
        hit.subject(),
        hit.from(),
        hit.to(),
        hit.date().toString(),
        hit.length(),
        hit.attachments(),
        hit.mailboxes().stream().map(MailboxJson.Name::of).toList(),
        hit.snippets().stream().map(snippet -> SnippetJson.of(snippet, html)).toList());
  }

  /// A stretch of the text of a part.
  ///
  /// @param part its path, such as `1.2`
  /// @param filename null where it has none
  /// @param attachment whether it is the text of an attachment
  /// @param passages in pieces
  /// @param html escaped, with `<mark>` around matches; null where not asked for
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SnippetJson(
      String part,
      @Nullable String filename,
      boolean attachment,
      List<Passage> passages,
      @Nullable String html) {
    static SnippetJson of(Snippet snippet, boolean html) {
      return new SnippetJson(
          snippet.part().toString(),
          snippet.filename().isEmpty() ? null : snippet.filename(),
          snippet.attachment(),
          snippet.passages(),
          html ? markup(snippet.passages()) : null);
    }
  }

  private static String markup(List<Passage> passages) {
    return passages.stream().map(HitJson::markup).collect(Collectors.joining());
  }

  private static String markup(Passage passage) {
    String escaped =
        passage
            .text()
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
            .replace("'", "&#39;");
    return passage.match() ? "<mark>" + escaped + "</mark>" : escaped;
  }
}
