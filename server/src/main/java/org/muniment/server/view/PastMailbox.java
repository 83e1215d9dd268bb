package org.muniment.server.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A mailbox as it was at a moment, as far as it had been observed then. Its name is that of now.
public interface PastMailbox {

  /// With what was in it then.
  MailboxSummary summary();

  /// The end of the last capture run before that moment; null where there was none that left a
  /// receipt.
  @Nullable Instant observed();

  /// Messages that were there, highest UID first, with their structures and the flags of then.
  ///
  /// @param uid only smaller UIDs
  /// @param limit 1 to 500
  List<MessageRow> before(long uid, int limit);
}
