package org.muniment.indexer.text;

import java.io.IOException;
import java.util.function.Predicate;

/// The names of the files that a message has with it, and what was read of them.
@FunctionalInterface
public interface AttachedTexts {

  /// Nothing.
  AttachedTexts NONE = _ -> false;

  /// Whether one of the texts is such a one; one is held at a time.
  boolean anyMatch(Predicate<String> wanted) throws IOException;
}
