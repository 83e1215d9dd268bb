package org.muniment.server.access;

/// What a user is there for.
public enum Role {
  /// Reads the accounts they own and those granted to them.
  USER,
  /// Reads the accounts granted to them, and those they own.
  AUDITOR,
  /// Runs the system and sees no content, whatever they own or are granted.
  ADMIN
}
