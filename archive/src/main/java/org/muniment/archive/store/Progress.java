package org.muniment.archive.store;

/// Told how a long piece of work goes on. Called often, from the working thread: must be quick and
/// must not throw.
public interface Progress {

  /// Says nothing.
  Progress NONE = (done, octets) -> {};

  /// Told how much there is to do, once it is known.
  ///
  /// @param octets to be handled in all
  default void expect(long octets) {}

  /// @param done items finished so far
  /// @param octets octets handled so far
  void at(long done, long octets);
}
