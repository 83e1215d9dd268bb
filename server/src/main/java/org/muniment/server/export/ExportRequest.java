package org.muniment.server.export;

import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.selection.Selection;

/// What is to be exported, and how.
///
/// @param account this one; null for all that the caller may see
public record ExportRequest(
    @Nullable AccountName account, Selection selection, ExportFormat format) {

  /// A text that is the same for the same request.
  String key() {
    return String.join(
        "\n",
        account == null ? "every account" : "account " + account,
        selection.key(),
        format.name());
  }
}
