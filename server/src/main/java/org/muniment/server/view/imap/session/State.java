package org.muniment.server.view.imap.session;

/// Where a session stands (RFC 9051 section 3).
public enum State {
  /// Nobody has signed in.
  NOT_AUTHENTICATED,
  /// A user has, and no mailbox is selected.
  AUTHENTICATED,
  /// A mailbox is selected.
  SELECTED,
  /// The session ends.
  LOGOUT
}
