package org.muniment.indexer.text;

/// Whether the text of an element is seen.
enum Sight {
  /// As around it.
  INHERITED,
  /// Its letters have a size of their own.
  SHOWN,
  /// Its letters have no size; those of elements inside it may have one.
  NO_SIZE,
  /// Nothing of it is seen, nor of what is inside it.
  HIDDEN
}
