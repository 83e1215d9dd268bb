package org.muniment.server.capture.idle;

import org.muniment.archive.event.AccountName;

/// A mailbox that is to be watched, as it stands.
///
/// @param words why it is not watched, `""` while it is
public record Watched(AccountName account, String mailbox, State state, String words) {

  /// Whether the server would tell of a change.
  public enum State {
    /// Not yet, or not any more: it is tried again.
    CONNECTING,
    /// It would.
    WATCHING,
    /// It cannot.
    NOT_OFFERED
  }
}
