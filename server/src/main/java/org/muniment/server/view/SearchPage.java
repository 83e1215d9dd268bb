package org.muniment.server.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;

/// One page of search results.
///
/// @param total exact number of messages that match and that the person may see
/// @param next cursor of the next page, null on the last
/// @param lag number of log entries that are archived but not yet searchable
public record SearchPage(long total, List<Hit> hits, @Nullable String next, long lag) {

  public SearchPage {
    hits = List.copyOf(hits);
  }

  /// A message that matches. Texts are decoded, plain, and not escaped for any markup.
  ///
  /// @param mailboxes places of the message that the person may see
  /// @param snippet passages of the text around the matching words
  public record Hit(
      ContentId id,
      String subject,
      String from,
      String to,
      Instant date,
      long length,
      boolean attachments,
      List<MailboxSummary> mailboxes,
      List<Passage> snippet) {
    public Hit {
      mailboxes = List.copyOf(mailboxes);
      snippet = List.copyOf(snippet);
    }
  }

  /// A piece of text, and whether it is a match.
  public record Passage(String text, boolean match) {}
}
