package org.muniment.server.restore;

import java.util.Map;
import java.util.TreeMap;
import org.muniment.archive.event.AccountName;
import org.muniment.server.selection.Selection;

/// What is to be restored, and under which names.
///
/// @param names other names for mailboxes and what is below them, levels separated by `/`
public record RestoreRequest(AccountName account, Selection selection, Map<String, String> names) {

  public RestoreRequest {
    names = Map.copyOf(names);
  }

  /// A text that is the same for the same request.
  String key() {
    return String.join("\n", account.value(), selection.key(), new TreeMap<>(names).toString());
  }
}
