package org.muniment.server.view;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.muniment.archive.Evidence;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.indexer.catalog.Shown;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.search.QuerySyntaxException;

/// What one person may see of the archive. What they may not see does not exist here: an account,
/// mailbox or message of others is answered exactly like one that was never there. Read-only, safe
/// for use by many threads.
public interface ReadModel {

  /// The accounts, their own first, then by name.
  List<AccountView> accounts();

  /// Whether the person may read the account, be it in the archive or not.
  boolean reads(AccountName account);

  /// Whether the account is the person's own.
  boolean owns(AccountName account);

  /// The mailboxes of an account by name; empty when there is no such account.
  List<MailboxSummary> mailboxes(AccountName account);

  /// A mailbox as it is now, with all that was ever in it.
  default Optional<MailboxView> mailbox(MailboxId id) {
    return mailbox(id, Shown.ALL);
  }

  /// A mailbox as it is now.
  Optional<MailboxView> mailbox(MailboxId id, Shown shown);

  /// A mailbox as it was at the end of a moment, as far as it had been observed then; empty when
  /// there is no such mailbox. Takes time that grows with the mailbox.
  default Optional<MailboxView> pastView(MailboxId id, Instant moment) throws IOException {
    return Optional.empty();
  }

  /// What stands below `Virtual/` for this person, without counts.
  default List<MailboxSummary> virtualMailboxes() {
    return List.of();
  }

  /// One of [#virtualMailboxes()] as it is now.
  ///
  /// @throws IOException when the catalogue or the index is being made, and has not come to what it
  ///   was before
  default Optional<MailboxView> virtualMailbox(MailboxId id) throws IOException {
    return Optional.empty();
  }

  /// A mailbox as it was at a moment, as far as it had been observed then; empty when there is no
  /// such mailbox.
  Optional<PastMailbox> past(MailboxId id, Instant asOf) throws IOException;

  /// A message with all places it has in the accounts of this person.
  Optional<MessageView> message(ContentId id);

  /// How the reading of each attachment of a message went: by the part, a word to search for with
  /// `status:`, or `ok`; `pending` where it is to come. Text parts are no attachments here.
  Map<PartPath, String> attachments(MessageView message) throws IOException;

  /// What was found in an attachment; empty when it was not read yet.
  Optional<Extraction> attachmentText(MessageView message, PartPath path) throws IOException;

  /// The octets of a message from `offset` on, for one who got its id from this model; the caller
  /// closes the stream.
  ///
  /// @throws java.io.FileNotFoundException when there is no such message
  InputStream octets(ContentId id, long offset) throws IOException;

  /// The octets of a message from `offset` on, for one who got the row from a mailbox of this
  /// model; the caller closes the stream.
  ///
  /// @throws java.io.FileNotFoundException when there is no such message
  default InputStream octets(MessageRow row, long offset) throws IOException {
    return octets(row.content(), offset);
  }

  /// What shows that a message was captured: of the place among this person's that was first, never
  /// of another's.
  ///
  /// @throws java.io.FileNotFoundException when there is no such message
  Evidence evidence(ContentId id) throws IOException;

  /// One page of hits.
  ///
  /// @throws IllegalArgumentException when the cursor is not of this query and order
  /// @throws QuerySyntaxException when the query is not of the language; it names the column and
  ///   what was expected
  SearchPage search(SearchRequest request) throws IOException, QuerySyntaxException;

  /// The conversation that a message belongs to, as far as this person sees it; empty when there is
  /// no such message.
  Optional<ConversationView> conversation(ContentId id) throws IOException;

  /// Messages whose text is like that of a message, most alike first; empty when there is no such
  /// message.
  ///
  /// @param limit most of them, 1 to 500
  Optional<List<SearchPage.Hit>> similar(ContentId id, int limit) throws IOException;
}
