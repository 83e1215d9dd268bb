package org.muniment.server.view;

import java.io.IOException;
import java.util.List;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Receipt;
import org.muniment.server.access.User;

/// How the archive and its captures fare, as far as one person may know: of the accounts they read,
/// and of all accounts for one who runs the system. Holds no content of mail.
public interface SystemStatus {

  /// The capture runs of one account, newest first; empty when there is no such account.
  ///
  /// @param before only those with a log entry below; [Long#MAX_VALUE] for the newest
  /// @param limit 1 to 500
  List<Receipt> receipts(User user, AccountName account, long before, int limit);

  /// The capture runs of all accounts, newest first; otherwise as [#receipts].
  List<Receipt> captures(User user, long before, int limit);

  /// Whether there is such an account.
  boolean knows(User user, AccountName account);

  /// Positions and sizes, now.
  ArchiveStatus archive(User user) throws IOException;
}
