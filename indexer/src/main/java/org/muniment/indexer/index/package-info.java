/// The write side of the full-text index: follows the log from a position of its own and feeds
/// Lucene.
@NullMarked
package org.muniment.indexer.index;

import org.jspecify.annotations.NullMarked;
