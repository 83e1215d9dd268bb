package org.muniment.server.capture;

/// Told how an import goes on. Called from the thread of the import: must be quick and must not
/// throw.
public interface ImportProgress {

  /// Says nothing.
  ImportProgress NONE = (messages, read, total) -> {};

  /// Called for every message.
  ///
  /// @param messages messages met so far
  /// @param read octets read so far
  /// @param total octets there are to read, 0 when that is not known
  void at(long messages, long read, long total);
}
