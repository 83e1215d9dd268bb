package org.muniment.archive.bench;

import java.time.Instant;

/// A message at one place.
///
/// @param account name of the account
/// @param mailbox its name in Maildir++, without the first dot, or [#INBOX]
/// @param flags letters of Maildir, such as `FS`
/// @param internalDate whole seconds
/// @param octets shared between copies, not to be changed
@SuppressWarnings("ArrayRecordComponent")
record Delivery(String account, String mailbox, String flags, Instant internalDate, byte[] octets) {

  static final String INBOX = "INBOX";
}
