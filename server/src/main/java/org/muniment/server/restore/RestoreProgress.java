package org.muniment.server.restore;

/// Is told how far a restore has come, by any thread.
public interface RestoreProgress {

  /// Tells nobody.
  RestoreProgress NONE = (what, done, total, octets) -> {};

  /// @param what `append` or `read back`
  /// @param done messages of this phase so far
  /// @param total messages in all
  /// @param octets octets of those done
  void at(String what, long done, long total, long octets);
}
