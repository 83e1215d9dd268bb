package org.muniment.server.access;

import java.net.InetAddress;
import java.util.Optional;
import org.muniment.server.config.Secret;

/// Finds out who somebody is. Safe for use by many threads; may keep the caller waiting for some
/// seconds, longer after each failure.
public interface SignIn {

  /// The user of that name when `password` is theirs, or is one of their tokens. Why it was refused
  /// is not told.
  ///
  /// @param peer where the request comes from
  Optional<User> withPassword(String name, Secret password, InetAddress peer);

  /// The user to whom the token was given and who has not revoked it.
  Optional<User> withToken(Secret token);
}
