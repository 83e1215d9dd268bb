package org.muniment.server.restore;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;

/// What is to be restored, and under which names.
///
/// @param asOf as it was at this moment; null for now
/// @param mailbox this one and those below it, its levels separated by `/`; `""` for all
/// @param query only messages that it matches; null for all
/// @param withGone also what was no longer at the source, but for what had moved elsewhere in the
///   account
/// @param names other names for mailboxes and what is below them, levels separated by `/`
public record Selection(
    AccountName account,
    @Nullable Instant asOf,
    String mailbox,
    @Nullable String query,
    boolean withGone,
    Map<String, String> names) {

  public Selection {
    names = Map.copyOf(names);
  }

  /// A text that is the same for the same selection.
  String key() {
    return String.join(
        "\0",
        account.value(),
        String.valueOf(asOf),
        mailbox,
        query == null ? "" : "query " + query,
        Boolean.toString(withGone),
        new TreeMap<>(names).toString());
  }
}
