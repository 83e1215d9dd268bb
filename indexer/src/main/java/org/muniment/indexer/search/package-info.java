/// The read side of the full-text index: query language, its tree, execution on Lucene with sets of
/// message numbers from the catalogue as filters. Uses `indexer.index`, `indexer.catalog` and, for
/// snippets, `indexer.text` and `indexer.kept`.
@NullMarked
package org.muniment.indexer.search;

import org.jspecify.annotations.NullMarked;
