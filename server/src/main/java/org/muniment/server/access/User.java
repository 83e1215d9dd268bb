package org.muniment.server.access;

import java.security.Principal;
import org.muniment.archive.event.AccountName;

/// A person or program that has signed in.
///
/// @param name of the form of an [AccountName], since an account belongs to the user of its name
public record User(String name, Role role) implements Principal {

  /// @throws IllegalArgumentException when `name` is not of that form
  public User {
    if (!AccountName.isValid(name)) {
      throw new IllegalArgumentException(
          "user name \"" + name + "\": 1 to 128 characters of a-z 0-9 . _ @ + - are allowed");
    }
  }

  @Override
  public String getName() {
    return name;
  }
}
