package org.muniment.server.export;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;

/// What is to be exported, and how.
///
/// @param account this one; null for all that the caller may see
/// @param asOf as it was at this moment; null for now
/// @param mailbox this one and those below it, its levels separated by `/`; `""` for all
/// @param query only messages that it matches; null for all
/// @param withGone also what was no longer at the source, but for what had moved elsewhere in the
///   account
public record ExportRequest(
    @Nullable AccountName account,
    @Nullable Instant asOf,
    String mailbox,
    @Nullable String query,
    boolean withGone,
    ExportFormat format) {

  /// A text that is the same for the same request.
  String key() {
    return String.join(
        "\n",
        account == null ? "every account" : "account " + account,
        asOf == null ? "now" : "as of " + asOf,
        "mailbox " + mailbox,
        query == null ? "no query" : "query " + query,
        "with what is gone " + withGone,
        format.name());
  }
}
