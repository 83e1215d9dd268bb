package org.muniment.server.access;

import java.util.Set;
import org.muniment.archive.event.AccountName;

/// Which accounts of others a user may read.
@FunctionalInterface
public interface Grants {

  /// The accounts granted to the user of that name, as of this call.
  Set<AccountName> of(String user);
}
