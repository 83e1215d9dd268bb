package org.muniment.server.selection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Mailbox;

/// Which mail of an account is asked for.
///
/// @param asOf as it was at this moment; null for now
/// @param mailbox this one and those below it, its levels separated by `/`; `""` for all
/// @param query only messages that it matches; null for all
/// @param withGone also what was no longer at the source, but for what had moved elsewhere in the
///   account
public record Selection(
    @Nullable Instant asOf, String mailbox, @Nullable String query, boolean withGone) {

  /// What is there now.
  public static final Selection EVERYTHING = new Selection(null, "", null, false);

  /// Whether mail of this mailbox is asked for.
  boolean isOf(Mailbox one) {
    String name = String.join("/", one.path());
    return mailbox.isEmpty()
        || name.equals(mailbox)
        || name.startsWith(mailbox + "/")
        || (mailbox.equalsIgnoreCase("INBOX") && name.equalsIgnoreCase(mailbox));
  }

  /// A text that is the same for the same selection.
  public String key() {
    return String.join(
        "\n",
        asOf == null ? "now" : "as of " + asOf,
        "mailbox " + mailbox,
        query == null ? "no query" : "query " + query,
        "with what is gone " + withGone);
  }

  /// The same for people, in one line.
  public String words() {
    return (asOf == null ? "as of now" : "as of " + asOf)
        + (mailbox.isEmpty() ? "" : ", mailbox " + mailbox)
        + (query == null ? "" : ", query " + query)
        + (withGone ? ", with what was gone" : ", without what was gone");
  }
}
