package org.muniment.archive;

/// What an archive takes on its disk, without its log and its keys.
///
/// @param sealed first leaf that is in no segment
/// @param segments what was sealed
/// @param unsealed journals that were not sealed yet
/// @param retired journals that were sealed and are still there
public record Storage(long sealed, Files segments, Files unsealed, Files retired) {

  /// Some files.
  ///
  /// @param octets sum of their lengths
  public record Files(int number, long octets) {

    static final Files NONE = new Files(0, 0);

    Files and(long length) {
      return new Files(number + 1, octets + length);
    }
  }
}
