package org.muniment.server.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.search.FacetCounts;
import org.muniment.indexer.search.Snippet;

/// One page of search results.
///
/// @param total exact number of messages that match and that the person may see
/// @param facets those that were asked for, over all of these messages
/// @param next cursor of the next page, null on the last
/// @param lag number of log entries that are archived but not yet searchable
/// @param pending number of messages that the person may see and whose attachments are not read yet
public record SearchPage(
    long total,
    List<Hit> hits,
    List<FacetCounts> facets,
    @Nullable String next,
    long lag,
    int pending) {

  public SearchPage {
    hits = List.copyOf(hits);
    facets = List.copyOf(facets);
  }

  /// A message that matches. Texts are decoded, plain, and not escaped for any markup.
  ///
  /// @param mailboxes places of the message that the person may see
  /// @param snippets stretches of the text around the matching words; none where not asked for, and
  ///   none behind the first [SearchRequest#MAX_SNIPPETS] hits
  public record Hit(
      ContentId id,
      String subject,
      String from,
      String to,
      Instant date,
      long length,
      boolean attachments,
      List<MailboxSummary> mailboxes,
      List<Snippet> snippets) {
    public Hit {
      mailboxes = List.copyOf(mailboxes);
      snippets = List.copyOf(snippets);
    }
  }
}
