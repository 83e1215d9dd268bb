package org.muniment.indexer.mail;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Collects the defects of a message, a bounded number of each kind.
final class Defects {

  /// Most defects of one kind that are kept.
  static final int MAX_OF_KIND = 16;

  private final Map<Defect.Kind, List<Defect>> byKind = new EnumMap<>(Defect.Kind.class);

  void add(Defect.Kind kind, long offset) {
    List<Defect> some = byKind.computeIfAbsent(kind, k -> new ArrayList<>());
    Defect defect = new Defect(kind, offset);
    if (some.size() < MAX_OF_KIND && !some.contains(defect)) {
      some.add(defect);
    }
  }

  boolean has(Defect.Kind kind) {
    return byKind.containsKey(kind);
  }

  List<Defect> inOrder() {
    return byKind.values().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparingLong(Defect::offset))
        .toList();
  }
}
