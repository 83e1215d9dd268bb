package org.muniment.server.access;

/// What a user is there for.
public enum Role {
  /// Sees the accounts they own.
  USER,
  /// Sees the accounts granted to them, and those they own.
  AUDITOR,
  /// Runs the system and sees no content.
  ADMIN
}
