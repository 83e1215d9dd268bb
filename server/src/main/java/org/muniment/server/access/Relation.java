package org.muniment.server.access;

/// How a person comes to see an account; decides where a window shows it.
public enum Relation {
  /// Their own, and the one that is their personal namespace.
  PRIMARY,
  /// Their own, another one.
  OWN,
  /// Somebody else's, granted.
  OTHER
}
