package org.muniment.server.runtime;

import org.muniment.archive.store.Progress;

/// Told how a long piece of work goes on, of which the end is known. Called often, from the working
/// thread: must be quick and must not throw.
@FunctionalInterface
public interface TotalProgress {

  /// @param done items finished so far
  /// @param total items there are, about; 0 when that is not known
  /// @param octets octets handled so far
  void at(long done, long total, long octets);

  /// For work that does not know its end.
  default Progress of(long total) {
    return (done, octets) -> at(done, total, octets);
  }
}
