/// What was read of documents and messages, kept in one SQLite file, so that it is read once:
/// packed, and sealed where the archive is. Nothing in it cannot be made again from the archive.
@NullMarked
package org.muniment.indexer.kept;

import org.jspecify.annotations.NullMarked;
