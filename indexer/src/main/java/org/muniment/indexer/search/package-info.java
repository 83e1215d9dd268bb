/// The read side of the full-text index: query language, its tree, execution on Lucene.
@NullMarked
package org.muniment.indexer.search;

import org.jspecify.annotations.NullMarked;
