/// The write side of the full-text index: follows the catalogue, so never ahead of it, from a
/// position of its own and feeds Lucene. Holds no places: who may see a message, and where it is,
/// are sets of message numbers that the catalogue knows. Uses `indexer.catalog`, `indexer.mail` and
/// `indexer.text`.
@NullMarked
package org.muniment.indexer.index;

import org.jspecify.annotations.NullMarked;
