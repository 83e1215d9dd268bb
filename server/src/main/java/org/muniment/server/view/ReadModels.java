package org.muniment.server.view;

import org.muniment.server.access.User;

/// Gives each person their own view; the only way for a window to reach the archive.
public interface ReadModels {

  /// What `user` may see, now: a change of grants shows in the next model.
  ReadModel of(User user);
}
