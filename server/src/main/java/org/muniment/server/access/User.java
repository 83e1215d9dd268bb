package org.muniment.server.access;

import java.security.Principal;

/// A person or program that has signed in.
public record User(String name, Role role) implements Principal {

  @Override
  public String getName() {
    return name;
  }
}
