package org.muniment.server.view;

import java.util.List;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.User;
import org.muniment.server.job.Job;
import org.muniment.server.job.Jobs.BusyException;

/// What can be seen of the captures of accounts, and started, by whom: everybody sees those that
/// they read, and starts those that they own; one who runs the system sees and starts all.
public interface AccountWork {

  /// The accounts of config.yml that `user` may know of, in its order.
  List<AccountState> states(User user);

  /// Starts a capture run of an account that [#states] says can be started.
  ///
  /// @param evenSo also when it is not the time for it
  Job capture(User user, AccountName account, boolean evenSo) throws BusyException;

  /// Starts a check of an account that [#states] says can be started. A check signs in at the
  /// source: one at a time, and not in quick succession.
  Job check(User user, AccountName account) throws BusyException;
}
