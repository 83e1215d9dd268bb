/// From the octets of a document, such as a PDF, to its text. Documents are hostile: they are read
/// in a process of its own (`extract.child`), which may hang, crash or run out of memory, and is
/// started anew. Nothing here reads a document itself.
@NullMarked
package org.muniment.indexer.extract;

import org.jspecify.annotations.NullMarked;
