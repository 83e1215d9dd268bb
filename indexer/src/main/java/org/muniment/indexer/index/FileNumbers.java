package org.muniment.indexer.index;

import org.muniment.indexer.mail.PartPath;

/// Numbers the files inside the leaves of a message in the order in which they come, from 1 in each
/// leaf.
final class FileNumbers {

  private PartPath leaf = PartPath.MESSAGE;
  private int last;

  /// The number of the next file, in a leaf.
  int next(PartPath path) {
    last = path.equals(leaf) ? last + 1 : 1;
    leaf = path;
    return last;
  }
}
