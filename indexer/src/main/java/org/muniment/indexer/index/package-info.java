/// The write side of the full-text index: follows the catalogue, so never ahead of it, from a
/// position of its own and feeds Lucene. Holds no places: who may see a message, and where it is,
/// are sets of message numbers that the catalogue knows. What is in attachments is added as they
/// are read. Uses `indexer.catalog`, `indexer.mail`, `indexer.text`, `indexer.extract` and
/// `indexer.kept`.
@NullMarked
package org.muniment.indexer.index;

import org.jspecify.annotations.NullMarked;
