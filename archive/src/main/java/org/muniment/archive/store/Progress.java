package org.muniment.archive.store;

/// Told how a long piece of work goes on. Called often, from the working thread: must be quick and
/// must not throw.
public interface Progress {

  /// Says nothing.
  Progress NONE = (done, octets) -> {};

  /// @param done items finished so far
  /// @param octets octets handled so far
  void at(long done, long octets);
}
