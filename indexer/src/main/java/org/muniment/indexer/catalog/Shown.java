package org.muniment.indexer.catalog;

import java.util.List;
import java.util.stream.IntStream;

/// Which messages of a mailbox are shown.
public enum Shown {
  /// Whatever was ever there.
  ALL(3),
  /// All but what has moved elsewhere in its account.
  NOT_MOVED(2),
  /// What is at the source.
  THERE(1);

  /// Values of `placement.absence` from here on are hidden.
  private final int hidden;

  Shown(int hidden) {
    this.hidden = hidden;
  }

  int hidden() {
    return hidden;
  }

  boolean shows(int absence) {
    return absence < hidden;
  }

  /// The values of `placement.absence` that are shown.
  List<Integer> absences() {
    return IntStream.range(0, hidden).boxed().toList();
  }
}
